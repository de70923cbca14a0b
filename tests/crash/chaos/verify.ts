import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Received } from "../../plugins/notifiers/receiver.ts";
import type { Planned, Stage } from "./plan.ts";
import type { Damage } from "./trouble.ts";

/** A watch that was registered. */
export interface Registered extends Planned {
  readonly waitId: string;
  /** When its end came, in ms since the epoch. */
  readonly endedAt: number;
}

interface Row {
  readonly type: string;
  readonly wait_id: string;
  readonly from_state: string | null;
  readonly to_state: string;
  readonly extra: { readonly outcome?: string; readonly reason?: string };
}

const OPEN = ["PUSHED", "WATCHING", "HEALING"];

/** Every way in which the log and the notices differ from the truth; empty when nothing was lost, doubled or wrong. */
export function faultsOf(
  registered: readonly Registered[],
  received: readonly Received[],
  damage: Damage,
  { user }: Stage,
): string[] {
  const rows = readRows(join(user.home, "state.jsonl"));
  return [
    ...registered.flatMap((wait) =>
      endingFaults(
        wait,
        rows.filter(({ wait_id }) => wait_id === wait.waitId),
        damage,
      ),
    ),
    ...noticeFaults(registered, rows, received, damage),
  ];
}

/** The rows of the log; a line torn by a full disk is no row. */
export function readRows(path: string): Row[] {
  return readFileSync(path, "utf8")
    .split("\n")
    .flatMap((line): Row[] => {
      try {
        const row: Row = JSON.parse(line);
        return row.type === "transition" ? [row] : [];
      } catch {
        return [];
      }
    });
}

/** Verdicts of one wait: steps from a running state to one that is not. */
function endings(rows: readonly Row[]): Row[] {
  return rows.filter(({ from_state, to_state }) => OPEN.includes(from_state ?? "") && !OPEN.includes(to_state));
}

function endingFaults(wait: Registered, rows: readonly Row[], damage: Damage): string[] {
  const name = `${wait.kind} ${wait.args.join(" ").slice(0, 60)} (${wait.waitId})`;
  const [ending, ...more] = endings(rows);
  if (!ending) return [`${name}: no ending; rows ${rows.map(({ to_state }) => to_state).join(" ")}`];
  if (more.length > 0)
    return [
      `${name}: ${more.length + 1} endings: ${endings(rows)
        .map(({ extra }) => extra.outcome)
        .join(", ")}`,
    ];
  const { outcome, reason } = ending.extra;
  // The exit code of a command that ended on a full disk could not be kept: that p9 does not know it is the truth.
  if (wait.kind === "build" && outcome === "unknown" && wasFull(wait.endedAt, damage)) return [];
  return outcome === wait.outcome ? [] : [`${name}: ended ${outcome} (${reason}), the truth is ${wait.outcome}`];
}

function wasFull(at: number, { fullAt }: Damage): boolean {
  return fullAt.some(([from, to]) => at >= from - 1_000 && at <= to + 1_500);
}

function noticeFaults(
  registered: readonly Registered[],
  rows: readonly Row[],
  received: readonly Received[],
  damage: Damage,
): string[] {
  const faults: string[] = [];
  const byId = new Map<string, number>();
  const told = new Map<string, Set<string>>();
  for (const { json } of received) {
    const { id, kind, payload } = json as { id: string; kind: string; payload: { wait_id: string } };
    byId.set(id, (byId.get(id) ?? 0) + 1);
    const ids = told.get(`${payload.wait_id} ${kind}`) ?? new Set();
    told.set(`${payload.wait_id} ${kind}`, ids.add(id));
  }
  for (const { waitId } of registered) {
    for (const { to_state } of rows.filter((row) => row.wait_id === waitId && !OPEN.includes(row.to_state))) {
      const key = `${waitId} termination:${to_state.toLowerCase()}`;
      if (!told.has(key)) faults.push(`nobody was told of ${key}`);
    }
  }
  for (const [key, ids] of told) if (ids.size > 1) faults.push(`${key} was told as ${ids.size} different notices`);
  const doubled = [...byId.values()].reduce((sum, count) => sum + count - 1, 0);
  if (doubled > damage.deliveryKills)
    faults.push(`${doubled} notices were sent twice, and ${damage.deliveryKills} deliveries were killed`);
  return faults;
}
