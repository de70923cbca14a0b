import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { beforeAll, expect, it, onTestFinished } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { Queue } from "../../src/queue/store/queue.ts";
import { ROOT } from "../helpers/p9.ts";
import { scratch } from "../queue/world.ts";

const AGENT = join(ROOT, "node_modules", ".cache", "p9-queue-agent.cjs");
const AGENTS = 8;
/** Pops of each agent; the soak does more. */
const POPS = process.env.P9_SOAK ? 200 : 25;
const LEASE_MS = 3_000;

beforeAll(() => {
  buildSync({
    bundle: true,
    platform: "node",
    format: "cjs",
    logLevel: "error",
    external: ["koffi"],
    entryPoints: [join(ROOT, "tests", "crash", "queue-agent.ts")],
    outfile: AGENT,
    define: { "import.meta.url": "__url" },
    banner: { js: 'const __url=require("node:url").pathToFileURL(__filename).href;' },
  });
});

interface Entry {
  readonly what: "popped" | "released" | "done";
  readonly id: string;
  readonly name: string;
  readonly at: number;
  /** When the lease runs out. */
  readonly until: string;
}
interface Row {
  readonly type: string;
  readonly id: string;
  readonly ts: string;
  readonly session_id: string;
  readonly lease_until: string;
}

const lines = <T>(path: string): T[] =>
  existsSync(path)
    ? readFileSync(path, "utf8")
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line))
    : [];

it(
  `${AGENTS} agents × ${POPS} pops with random kill -9: every item is done exactly once or back, none is held by two`,
  async () => {
    const home = scratch();
    const diary = join(home, "diary.jsonl");
    const queue = new Queue(home, { clock: systemClock });
    const total = AGENTS * POPS;
    for (let n = 0; n < total; n++) {
      await queue.push({ source: "session", item: `item ${n}`, session_id: null, isolation_tier: "none" }, new Set());
    }
    const kills = await Promise.all(Array.from({ length: AGENTS }, (_, n) => agent(home, `agent-${n}`, diary)));
    const killed = kills.reduce((sum, count) => sum + count, 0);
    expect(killed).toBeGreaterThanOrEqual(AGENTS / 2);

    // What killed agents held comes back when their leases run out; one more agent does what is left.
    await new Promise((resolve) => setTimeout(resolve, LEASE_MS + 1_000));
    await runAgent(home, "last", total * 2, diary).ended;
    const state = new Queue(home, { clock: systemClock }).read();
    expect(state.items.size).toBe(0);
    expect(state.gone.size).toBe(total);

    const rows = lines<Row>(join(home, "queue.jsonl"));
    const leases = rows.filter(({ type }) => type === "queue.leased").length;
    console.log(`${total} items, ${leases} leases, ${killed} agents killed`);
    expect(twiceDone(rows)).toEqual([]);
    expect(leasedTwice(rows)).toEqual([]);
    expect(heldByTwo(lines<Entry>(diary))).toEqual([]);
  },
  process.env.P9_SOAK ? 3_600_000 : 120_000,
);

/** An agent that is killed now and then and goes on; resolves with how often it was killed. */
async function agent(home: string, name: string, diary: string): Promise<number> {
  let kills = 0;
  // On a machine so busy that a turn comes to nothing, the next one gets more time.
  let patience = 1;
  for (let popped = 0; popped < POPS; ) {
    const running = runAgent(home, name, POPS - popped, diary);
    const timer = setTimeout(() => running.child.kill("SIGKILL"), (150 + Math.random() * 600) * patience);
    const signal = await running.ended;
    clearTimeout(timer);
    if (signal === null) break;
    kills += 1;
    const before = popped;
    popped = popsOf(name, diary);
    patience = popped > before ? 1 : patience * 2;
  }
  return kills;
}

function popsOf(name: string, diary: string): number {
  return lines<Entry>(diary).filter((entry) => entry.name === name && entry.what === "popped").length;
}

function runAgent(home: string, name: string, count: number, diary: string) {
  const args = [AGENT, home, name, `${count}`, `${LEASE_MS}`, diary];
  const child: ChildProcess = spawn(process.env.P9_TEST_NODE ?? "node", args, {
    stdio: ["ignore", "ignore", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const ended = new Promise<string | null>((resolve) => child.once("close", (_, signal) => resolve(signal)));
  return { child, ended };
}

function twiceDone(rows: readonly Row[]): string[] {
  const done = rows.filter(({ type }) => type === "queue.done").map(({ id }) => id);
  return done.filter((id, index) => done.indexOf(id) !== index);
}

/** Leases in the log that began before the one before had ended. Its times are whole seconds. */
function leasedTwice(rows: readonly Row[]): string[] {
  const until = new Map<string, string>();
  const wrong: string[] = [];
  for (const { type, id, ts, lease_until } of rows) {
    if (type === "queue.leased") {
      if ((until.get(id) ?? "") > ts) wrong.push(id);
      until.set(id, lease_until);
    } else if (type === "queue.released" || type === "queue.done") until.delete(id);
  }
  return wrong;
}

/** The same as the agents saw it: who popped an item held it until they let go of it, or until the lease ran out. */
function heldByTwo(diary: readonly Entry[]): string[] {
  const held = new Map<string, Entry>();
  const wrong: string[] = [];
  for (const entry of [...diary].sort((a, b) => a.at - b.at)) {
    const holder = held.get(entry.id);
    if (entry.what === "popped") {
      if (holder && entry.at < Date.parse(holder.until)) wrong.push(`${entry.id}: ${holder.name}, ${entry.name}`);
      held.set(entry.id, entry);
    } else if (holder?.name === entry.name) held.delete(entry.id);
  }
  return wrong;
}
