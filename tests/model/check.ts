import { shaOf } from "../servers/github/mod.ts";
import type { Clones } from "./clones.ts";
import { type Answer, drive } from "./drive.ts";
import { generate } from "./generator/mod.ts";
import { Oracle } from "./oracle/mod.ts";
import { headIndex } from "./oracle/pull.ts";
import type { Verdict, Word } from "./oracle/words.ts";
import type { PrWorld } from "./world.ts";

/** How p9 and the oracle differ. `grave`: p9 says GREEN where the documentation does not. */
export type Kind = "grave" | "word" | "early" | "late" | "never" | "commit" | "ready" | "not-ready";

/** One difference. */
export interface Difference {
  readonly seed: number;
  readonly kind: Kind;
  readonly p9: string;
  readonly oracle: string;
  readonly why: string;
  readonly features: readonly string[];
  /** Second of the world. */
  readonly at: number;
}

/** p9's outcomes in the oracle's words. */
const WORDS: Record<string, Word> = {
  succeeded: "green",
  failed: "failed",
  cancelled: "cancelled",
  blocked: "blocked",
  missing_required: "missing_required",
  no_checks: "no_checks",
  no_runner: "no_runner",
  not_started: "not_started",
  ejected: "ejected",
  merged: "merged",
  closed: "closed",
  no_pr: "no_pr",
  open: "running",
  timed_out: "running",
  external: "unreadable",
};

/** Seconds within which a verdict must be said once it holds: a look a minute, the time in which checks may come late, a pause that GitHub asks for. */
const SOON = 300;

/** All differences of one seed. */
export async function check(seed: number, clones: Clones): Promise<Difference[]> {
  const world = generate(seed);
  const oracle = new Oracle(world);
  const answer = await drive(world, clones);
  return compare(world, oracle, answer);
}

/** What p9 said beside what it should have said. */
export function compare(world: PrWorld, oracle: Oracle, answer: Answer): Difference[] {
  const truth = oracle.at(answer.at);
  const differ = (kind: Kind, p9: string, wanted: string, why: string): Difference => {
    return { seed: world.seed, kind, p9, oracle: wanted, why, features: world.features, at: Math.round(answer.at) };
  };
  const said = WORDS[answer.outcome] ?? answer.outcome;
  const found: Difference[] = [];
  const kind = kindOf(said, truth);
  if (kind) found.push(differ(kind, answer.outcome, truth.word, `${truth.why}; p9: ${answer.reason}`));
  else if (said !== "running" && truth.word === said) {
    const since = Math.max(oracle.since(answer.at), world.asked.start);
    const late = answer.at - since - pauseOf(world);
    if (late > allowed(said))
      found.push(differ("late", answer.outcome, truth.word, `${Math.round(late)} s late: ${truth.why}`));
  }
  const wrong = wrongCommit(world, answer, said);
  if (wrong) found.push(differ("commit", answer.sha ?? "none", wrong, answer.reason));
  const ready = oracle.readyAt(answer.at);
  if (answer.ready !== null && ready.ready !== null && answer.ready !== ready.ready) {
    const why = `${ready.why}; p9: ${answer.readyWhy}`;
    found.push(differ(answer.ready ? "ready" : "not-ready", `ready: ${answer.ready}`, `ready: ${ready.ready}`, why));
  }
  return found;
}

/** The verdict must be of the last commit, as GitHub shows it or as it is. */
function wrongCommit(world: PrWorld, { sha, at }: Answer, said: string): string | null {
  if (sha === null || !["green", "failed", "cancelled"].includes(said) || !world.pull.exists) return null;
  const right = [true, false].map((shown) => shaOf(world.heads[headIndex(world, at, shown)]?.label ?? ""));
  return right.includes(sha) ? null : (right[0] ?? null);
}

function kindOf(said: string, truth: Verdict): Kind | null {
  const right: readonly string[] = [truth.word, ...truth.also];
  if (right.includes(said)) return null;
  // Who has not ended yet has not said anything wrong about what cannot be read, or about a pull request that nobody opened.
  if (said === "running" && (truth.word === "unreadable" || truth.word === "no_pr")) return null;
  // Who looks for the branch's open pull request finds none when it was merged or closed before.
  if (said === "no_pr" && (truth.word === "merged" || truth.word === "closed")) return null;
  if (said === "unreadable" && right.includes("running") && truth.word === "unreadable") return null;
  if (said === "green") return "grave";
  if (said === "running" || said === "unreadable") return "never";
  return truth.word === "running" || truth.word === "unreadable" ? "early" : "word";
}

/** Graces count from p9's own first look, so a watch that begins later may say the same later. */
function allowed(word: string): number {
  return ["missing_required", "no_runner", "no_checks", "no_pr"].includes(word) ? 900 + SOON : SOON;
}

function pauseOf({ trouble, pull }: PrWorld): number {
  const faults = trouble.faults.reduce((sum, { pause, times }) => sum + Math.max(pause, 120) * times, 0);
  return faults + pull.appears;
}
