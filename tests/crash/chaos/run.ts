import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { eventually, sandbox } from "../../helpers/p9.ts";
import { processesWith } from "../../helpers/processes.ts";
import { type Received, startReceiver } from "../../plugins/notifiers/receiver.ts";
import { startGitHub } from "../../servers/github/mod.ts";
import { smallDisk } from "./disk.ts";
import { type Planned, plan, type Stage, startWeb } from "./plan.ts";
import { chance } from "./random.ts";
import { commandLine, type Damage, trouble, watchers } from "./trouble.ts";
import { faultsOf, type Registered } from "./verify.ts";

/** How much chaos. */
export interface ChaosOptions {
  readonly seed: number;
  readonly waits: number;
  readonly seconds: number;
  readonly say: (line: string) => void;
}

/** What came of it. */
export interface ChaosResult {
  readonly damage: Damage;
  readonly registered: number;
  /** Every difference from the truth; empty is well. */
  readonly faults: readonly string[];
  /** Command lines of processes that are left. */
  readonly left: readonly string[];
  /** Whether the disk could be filled. */
  readonly fullDisk: boolean;
}

const POLICY = `ci_watch:
  max_concurrent_prs: 1000
  settle: 0
  grace:
    slow_look: 2s
ci_heal: {}
`;

/** Watches of mixed kinds through trouble, then calm; everything is cleaned up whatever happens. */
export async function runChaos({ seed, waits, seconds, say }: ChaosOptions): Promise<ChaosResult> {
  const random = chance(seed);
  const user = sandbox({ keep: true });
  const disk = smallDisk(user.home);
  const github = await startGitHub();
  const web = await startWeb();
  const receiver = await startReceiver(() => (web.reachable ? { status: 200 } : "cut"));
  const stage: Stage = { user, github, web };
  try {
    user.write(".control/policy.yaml", POLICY);
    writeFileSync(
      join(user.home, "notify.json"),
      JSON.stringify({ channels: [{ type: "webhook", url: receiver.url }] }),
    );
    const planned = plan(waits, 8, seconds * 1.1, stage, random);
    const start = Date.now();
    const registered = await registerAll(planned, start, stage);
    say(`seed ${seed}: ${registered.length} watches after ${since(start)} s; disk can be filled: ${disk.mounted}`);
    const damage = await trouble(Math.max(0, seconds - since(start)), stage, disk, random);
    say(`seed ${seed}: ${JSON.stringify({ ...damage, fullAt: damage.fullAt.length })}`);
    await calm(registered, stage);
    say(`seed ${seed}: every watch has ended after ${since(start)} s`);
    const delivered = () => accepted(receiver.received);
    await mergeAll(registered, stage);
    await quiet(stage, () =>
      faultsOf(registered, delivered(), damage, stage).every((fault) => !fault.startsWith("nobody was told")),
    );
    const faults = faultsOf(registered, delivered(), damage, stage);
    const left = processesWith(user.dir).map(commandLine).filter(Boolean);
    say(
      `seed ${seed}: ${delivered().length} notices, ${left.length} processes left, ${faults.length} faults after ${since(start)} s`,
    );
    return { damage, registered: registered.length, faults, left, fullDisk: disk.mounted };
  } finally {
    await user.close().catch(() => {});
    disk.unmount();
    await Promise.all([github.stop(), web.close(), receiver.close()]);
    await user.close();
  }
}

/** Four at a time, as quick as a session could; the end of each is due at its time after the start. */
async function registerAll(planned: readonly Planned[], start: number, stage: Stage): Promise<Registered[]> {
  const registered: Registered[] = [];
  const todo = [...planned];
  const env = { ...stage.github.env, BROOMVA_P9_WATCHER_GRACE: "2" };
  const one = async () => {
    for (let wait = todo.shift(); wait; wait = todo.shift()) {
      const { end, endsAt } = wait;
      const [word = "", ...rest] = wait.args;
      const dashes = rest.indexOf("--");
      const flags = dashes < 0 ? [word, ...rest, "--background", "--json"] : [word, "--background", "--json", ...rest];
      const { stdout, stderr, code } = await stage.user.p9(["watch", ...flags], { env });
      if (code !== 0) throw new Error(`Cannot register ${flags.join(" ")}: exit ${code} ${stderr}`);
      const { wait_id: waitId }: { wait_id: string } = JSON.parse(stdout);
      const endedAt = Math.max(Date.now() + 500, start + endsAt * 1000);
      if (end) setTimeout(end, endedAt - Date.now());
      registered.push({ ...wait, waitId, endedAt });
    }
  };
  await Promise.all(Array.from({ length: 4 }, one));
  return registered;
}

/** What a user does next: p9 commands now and then. They find what is dead and have it watched again. */
async function calm(registered: readonly Registered[], stage: Stage): Promise<void> {
  const env = { ...stage.github.env, BROOMVA_P9_WATCHER_GRACE: "2" };
  const running = async () => {
    const { open_prs, open_waits } = await stage.user.json<Record<string, OpenRow[]>>(["status"], { env });
    return [...(open_prs ?? []), ...(open_waits ?? [])].filter(({ to_state }) => OPEN.includes(to_state));
  };
  const what = `all ${registered.length} watches end`;
  await eventually(what, async () => (await running()).length === 0 || (await pause(1_000)), 60_000).catch(
    async (error) => {
      const rows = (await running()).map(({ kind, ref, wait_id, to_state, alive, needs, last_look, extra }) =>
        JSON.stringify({
          kind,
          ref,
          wait_id,
          to_state,
          alive,
          needs,
          last_look,
          pid: extra.pid,
          released: extra.released,
        }),
      );
      throw new Error(
        `${error instanceof Error ? error.message : error}\n${rows.join("\n")}\n${processList(stage)}\n${driverLogs(stage)}`,
      );
    },
  );
}

interface OpenRow {
  readonly kind: string;
  readonly ref: string;
  readonly wait_id: string;
  readonly to_state: string;
  readonly alive: boolean;
  readonly needs: string | null;
  readonly last_look: string | null;
  readonly extra: Record<string, unknown>;
}

const OPEN = ["WATCHING", "PUSHED", "HEALING"];

function processList({ user }: Stage): string {
  return processesWith(user.dir)
    .map((pid) => `${pid} ${commandLine(pid)}`)
    .join("\n");
}

function driverLogs({ user }: Stage): string {
  const logs = join(user.home, "logs");
  const tails = readdirSync(logs).map((name) => `${name}: ${readFileSync(join(logs, name), "utf8").slice(-600)}`);
  return tails.join("\n");
}

/** Ends the slow phase of the pull requests, so that nothing is left to watch. */
async function mergeAll(registered: readonly Registered[], stage: Stage): Promise<void> {
  for (const { pull } of registered) pull?.merge();
  const env = { ...stage.github.env, BROOMVA_P9_WATCHER_GRACE: "2" };
  const open = async () => (await stage.user.json<{ open_prs: unknown[] }>(["status"], { env })).open_prs.length;
  await eventually("every pull request is merged", async () => (await open()) === 0 || (await pause(1_000)), 60_000);
}

/** Until everybody was told and every process has ended, or half a minute. */
async function quiet(stage: Stage, told: () => boolean): Promise<void> {
  for (const end = Date.now() + 90_000; Date.now() < end; await pause(500)) {
    if (told() && watchers(stage).length === 0) return;
  }
}

/** What the receiver took: a request that it cut off was not delivered. */
function accepted(received: readonly Received[]): Received[] {
  return received.filter(({ answered }) => answered === 200);
}

async function pause(ms: number): Promise<false> {
  await new Promise((resolve) => setTimeout(resolve, ms));
  return false;
}

function since(start: number): number {
  return Math.round((Date.now() - start) / 1000);
}
