import { readFileSync } from "node:fs";
import { processesWith } from "../../helpers/processes.ts";
import type { Disk } from "./disk.ts";
import type { Stage } from "./plan.ts";
import type { Chance } from "./random.ts";

/** What has been done to p9. */
export interface Damage {
  kills: number;
  /** Kills of a process that was delivering notices: only then may a notice have been sent twice, with one id. */
  deliveryKills: number;
  stops: number;
  outages: number;
  fullDisks: number;
  /** When the disk was full, as [from, to] in ms since the epoch. */
  readonly fullAt: [number, number][];
  commands: number;
  readonly exits: Record<string, number>;
}

const AGENT: readonly (readonly string[])[] = [
  ["status", "--json"],
  ["status"],
  ["report"],
  ["rearm", "--now"],
  ["rearm"],
  ["stuck-scan"],
  ["stats", "--json"],
  ["events", "tail", "--since", "1m"],
];

/** What a watch must live through. */
export function blows({ kills, stops, outages }: Damage): number {
  return kills + stops + outages;
}

/**
 * Trouble of every kind, again and again for so many seconds, and on until there was any, each at the throw of a dice; at the end all
 * of it is taken back.
 */
export async function trouble(seconds: number, stage: Stage, disk: Disk, random: Chance): Promise<Damage> {
  const damage: Damage = {
    kills: 0,
    deliveryKills: 0,
    stops: 0,
    outages: 0,
    fullDisks: 0,
    fullAt: [],
    commands: 0,
    exits: {},
  };
  const later: Promise<void>[] = [];
  const after = (s: number, undo: () => void) => later.push(sleep(s).then(undo));
  for (
    const end = Date.now() + seconds * 1000;
    Date.now() < end || blows(damage) === 0;
    await sleep(random.between(0.2, 1))
  ) {
    const dice = random.next();
    const [victim, length] = [random.next(), random.between(0.5, 4)];
    if (dice < 0.35) kill(victim, stage, damage);
    else if (dice < 0.5) after(length, stop(victim, stage, damage));
    else if (dice < 0.6) after(length, cutNetwork(stage, damage, length));
    else if (dice < 0.7) after(length / 2, fillDisk(disk, damage));
    else later.push(ask(random.pick(AGENT) ?? ["status"], stage, damage));
  }
  await Promise.all(later);
  disk.free();
  for (const pid of watchers(stage)) signal(pid, "SIGCONT");
  return damage;
}

/** Processes of this very p9: its drivers, watchers, deliveries and commands, not what it watches. */
export function watchers({ user }: Stage): number[] {
  return processesWith(user.dir).filter((pid) => commandLine(pid).includes("p9.js"));
}

/** The command line of a process, or nothing when it is gone. */
export function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}

function choose(dice: number, stage: Stage): number | undefined {
  const all = watchers(stage);
  return all[Math.floor(dice * all.length)];
}

function kill(dice: number, stage: Stage, damage: Damage): void {
  const pid = choose(dice, stage);
  if (pid === undefined) return;
  damage.kills++;
  if (commandLine(pid).includes("--deliver")) damage.deliveryKills++;
  signal(pid, "SIGKILL");
}

function stop(dice: number, stage: Stage, damage: Damage): () => void {
  const pid = choose(dice, stage);
  if (pid === undefined) return () => {};
  damage.stops++;
  signal(pid, "SIGSTOP");
  return () => signal(pid, "SIGCONT");
}

function cutNetwork({ github, web }: Stage, damage: Damage, seconds: number): () => void {
  damage.outages++;
  web.reachable = false;
  github.world.fault({ kind: "drop", lasts: seconds });
  return () => {
    web.reachable = true;
  };
}

function fillDisk(disk: Disk, damage: Damage): () => void {
  if (!disk.mounted) return () => {};
  damage.fullDisks++;
  const from = Date.now();
  disk.fill();
  return () => {
    disk.free();
    damage.fullAt.push([from, Date.now()]);
  };
}

async function ask(args: readonly string[], { user, github }: Stage, damage: Damage): Promise<void> {
  damage.commands++;
  const { code, signal: ended, stderr } = await user.p9(args, { env: github.env, timeoutMs: 60_000 });
  const why =
    code === 0 || code === null || (code === 1 && args[0] === "stuck-scan") ? "" : `: ${stderr.slice(0, 300)}`;
  const how = `${args[0]} ${code ?? ended}${why}`;
  damage.exits[how] = (damage.exits[how] ?? 0) + 1;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended by itself meanwhile.
  }
}

function sleep(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
