import { dirname } from "node:path";
import { parseTimestamp } from "../../base/clock.ts";
import { redact, secretValues } from "../../base/redact.ts";
import { oneLine } from "../../base/text.ts";
import type { Evidence, LookResult, WaitKind } from "../../contract/wait-kind.ts";
import { errorText } from "../../core/errors.ts";
import type { WaitExtra } from "../../core/events.ts";
import { isFinal, type Outcome, type State, stateOf } from "../../core/states.ts";
import { traitsOf } from "../../core/traits.ts";
import type { Wait } from "../../core/wait.ts";
import type { WatchDeps } from "../deps.ts";
import { recordDuration } from "../durations.ts";
import { hideSecretsIn } from "../keep/kept-log.ts";
import { promotions } from "../register/slots.ts";
import { isHeard, newsMoment, toldWith } from "./slow/news.ts";

/** What a watch ends with. */
export interface Ending {
  readonly outcome: Outcome;
  /** `look`, `deadline`, `signal:TERM`, `superseded`, `abandoned`, `error:<name>`. */
  readonly cause: string;
  readonly reason: string;
  readonly look?: LookResult;
  /** What is to be done next, where the look does not say it. */
  readonly next?: string;
  /** Active seconds of the cycle. */
  readonly activeS?: number;
  /** When the cycle began (ms since the epoch), by the wall clock as it goes now. */
  readonly since?: number;
  /** Whether a watcher goes on looking after the verdict. */
  readonly slow?: boolean;
  readonly extra?: WaitExtra;
}

/** Runs `work` within the time that is left. @throws when there is none. */
export type Limited = <T>(work: () => Promise<T>) => Promise<T>;

const EVIDENCE_LINES = 20;

/**
 * Writes the end of a watch, classified if it is red, and starts the wait that was queued for its slot in the same commit. Null
 * when another process has ended or taken over the wait; then nothing is written.
 */
export async function writeEnding(
  wait: Wait,
  kind: WaitKind | null,
  ending: Ending,
  deps: WatchDeps,
  limited: Limited = (work) => work(),
): Promise<Wait | null> {
  const red = ending.outcome === "failed" ? await classify(wait, ending, deps, limited) : null;
  const state = stateOf(ending.outcome, red?.classified ?? false);
  const slow = (ending.slow ?? false) && kind?.slowAfterVerdict === true && !isFinal(state);
  const next = ending.next ?? ending.look?.next ?? (await nextWhereRefused(wait, state, deps));
  const newest = newsMoment(ending.look?.newsAt, deps.clock.now());
  const told = newest === undefined ? null : toldWith(wait, ending.outcome, newest);
  // A cycle that a slow look began, and that came to what was told before.
  const isAgain = wait.extra.cause === "new-cycle" && newest !== undefined;
  const silent = isAgain && isHeard(wait, ending.outcome, newest);
  const row = await deps.store.transition(wait, state, {
    extra: {
      ...ending.look?.extra,
      ...ending.extra,
      outcome: ending.outcome,
      cause: ending.cause,
      reason: oneLine(redact(ending.reason, secretValues(deps.env)), 1000),
      slow,
      ...(silent ? { silent } : {}),
      ...(next === undefined ? {} : { next: oneLine(next, 300) }),
      // Time stamps are whole seconds; the latency of a verdict is measured in milliseconds.
      decided_at: deps.clock.now(),
      ...(ending.activeS === undefined ? {} : { active_used: Math.round(ending.activeS) }),
      ...(told ? { news_at: told.at, told } : {}),
      ...(ending.look?.log === undefined ? {} : { log: ending.look.log }),
      ...(ending.look?.items?.length ? { items: ending.look.items.slice(0, 300).map((item) => ({ ...item })) } : {}),
      evidence: shownEvidence(red?.evidence ?? ending.look?.evidence ?? [], deps),
      ...(red ? { classification: red.classification } : {}),
      ...targetTimes(ending.look),
    },
    also: (view) => promotions(view, wait.wait_id, deps),
  });
  if (!row) return null;
  await tidyLog(row.extra.log, deps);
  if (ending.outcome === "succeeded" || ending.outcome === "failed") remember(wait, ending, deps);
  return deps.store.read().waits.get(wait.wait_id) ?? deps.store.find(wait.wait_id);
}

/** Hides what a command said in its own log, which p9 keeps; a log that was there before the wait is not p9's. */
async function tidyLog(log: unknown, { store, env }: WatchDeps): Promise<void> {
  if (typeof log !== "string" || dirname(log) !== store.paths.logs) return;
  await hideSecretsIn(log, secretValues(env));
}

/** The next step where the policy, or that there is none, forbids the usual one (marking after green, healing after red); else undefined. */
async function nextWhereRefused(wait: Wait, state: State, deps: WatchDeps): Promise<string | undefined> {
  const { extra, pr, repo } = wait;
  const { next } = traitsOf(wait);
  if (pr === null || repo === null) return undefined;
  const { hasPolicy = true, heals = true } = await deps.config(extra.cwd ?? "/");
  const target = `${pr} --repo ${repo}`;
  if (state === "GREEN" && !hasPolicy && !next?.succeeded)
    return `p9 why ${target} (p9 merge-ready needs a policy: p9 init --project)`;
  if (state !== "RED_CLASSIFIED" || next?.failed || (hasPolicy && heals)) return undefined;
  const refused = hasPolicy ? "ci_heal.enabled is false" : "--apply needs a policy: p9 init --project";
  return `p9 heal ${target} --classify, then repair it yourself (${refused})`;
}

/** The lines that go into the log and from there to models and people: few, short, without secrets. */
function shownEvidence(lines: readonly Evidence[], { env }: WatchDeps) {
  const secrets = [...secretValues(env)];
  return lines.slice(0, EVIDENCE_LINES).map((line) => ({ ...line, text: oneLine(redact(line.text, secrets), 500) }));
}

/** Classifies a red wait. Best effort: a failed classification must not delay the verdict. */
async function classify(wait: Wait, ending: Ending, deps: WatchDeps, limited: Limited) {
  try {
    return await limited(() => deps.healing.classify(wait, ending.look ?? null, deps));
  } catch (error) {
    deps.log.warn(`Cannot classify the failure of "${wait.ref}": ${errorText(error)}`);
    return null;
  }
}

function targetTimes(look: LookResult | undefined): WaitExtra {
  return {
    ...(look?.startedAt === undefined ? {} : { target_started_at: look.startedAt }),
    ...(look?.endedAt === undefined ? {} : { target_ended_at: look.endedAt }),
  };
}

/** Records the duration, from which the next wait of the same target is estimated. */
function remember(wait: Wait, { look, since = cycleStart(wait) }: Ending, deps: WatchDeps): void {
  const { history } = wait.extra;
  if (typeof history !== "string") return;
  const start = look?.startedAt ?? since;
  const end = look?.endedAt ?? deps.clock.now();
  if (end > start) recordDuration(deps.store.paths.durations, history, (end - start) / 1000);
}

/** When the cycle began (ms since the epoch): the push, if one started it, else the row that says WATCHING. */
export function cycleStart(wait: Wait): number {
  const started = parseTimestamp(wait.cycle_at || wait.registered_at);
  const pushed = wait.extra.pushed;
  return typeof pushed === "number" && Math.abs(started - pushed) < 3_600_000 ? Math.min(pushed, started) : started;
}
