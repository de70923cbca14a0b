import { type Command, Option } from "@commander-js/extra-typings";
import { requireEnabled } from "../../../config/load.ts";
import { DegradedError } from "../../../core/errors.ts";
import { nextOwner } from "../../../core/owner.ts";
import type { Wait } from "../../../core/wait.ts";
import { GitHubError } from "../../../github/errors.ts";
import { takenBack } from "../../../merge/still-ready.ts";
import { type MergeVerdict, mergeVerdict } from "../../../merge/verdict.ts";
import type { Store } from "../../../store/store.ts";
import type { Context } from "../../program/context.ts";
import { PR_ARGUMENT, type PrTarget, prTarget } from "../../program/pr-target.ts";
import { watchDeps } from "../watch/watching.ts";
import { mergeFactsFor, standingOf } from "./merge-text.ts";

export function register(command: Command, context: Context): void {
  command
    .argument("[pr]", PR_ARGUMENT)
    .option("--repo <owner/name>", "the repository of the pull request")
    .option("--unverified", "mark it without asking GitHub: for tests and offline work only")
    .addOption(new Option("--no-verify").hideHelp())
    .action(async (text, options) => {
      requireEnabled(await context.policy("act"), "ci_watch");
      const target = await prTarget(text, options.repo, context);
      await mergeReady(target, options.unverified === true || options.verify === false, context);
    });
}

/** Marks the watched pull request MERGE_READY for the judged head, and for no other. */
async function mergeReady(target: PrTarget, unverified: boolean, context: Context): Promise<void> {
  const store = await context.store();
  const wait = store.findPr(target.repo, target.pr);
  const name = `PR #${target.pr} (${target.repo})`;
  if (!wait && !unverified) await refuseAbsent(target, context);
  if (!wait || (wait.state !== "GREEN" && wait.state !== "MERGE_READY")) {
    const hint = wait ? "p9 why says what it waits for" : `Watch it first: p9 watch ${target.pr} --repo ${target.repo}`;
    const why = wait ? `p9 has it as ${wait.state}, not GREEN` : "p9 has not watched it";
    throw refusal(target, wait, null, `${name} cannot be marked ready: ${why}`, hint, context);
  }
  const verdict = unverified ? null : await judge(target, wait, context);
  const obstacle = verdict && obstacleOf(verdict, wait);
  if (obstacle) {
    const now = wait.state === "MERGE_READY" ? ((await takeBack(wait, obstacle, store)) ?? wait) : wait;
    const hint = `p9 why ${target.pr} --repo ${target.repo}`;
    throw refusal(target, now, verdict, `${name} NOT merge-ready: ${obstacle}`, hint, context);
  }
  const head = wait.state === "MERGE_READY" ? wait.sha : (await mark(wait, verdict, context)).sha;
  if (context.json)
    context.printJson({ ready: true, ...target, state: "MERGE_READY", head, wait_id: wait.wait_id, verdict });
  else if (context.wordsWanted) for (const line of markedText(target, head)) context.print(line);
  else context.print(`PR #${target.pr} marked MERGE_READY (control metalayer authorizes merge)`);
}

/** @throws {GitHubError} when GitHub says that there is no such pull request; that it cannot be asked changes nothing here. */
async function refuseAbsent({ repo, pr }: PrTarget, context: Context): Promise<void> {
  const { readPullRequest } = await import("../../../github/read-pull-request.ts");
  try {
    await readPullRequest(await context.github(), repo, { number: pr });
  } catch (error) {
    if (error instanceof GitHubError && error.problem === "not-found") throw error;
  }
}

async function judge(target: PrTarget, wait: Wait, context: Context): Promise<MergeVerdict> {
  const facts = await mergeFactsFor(target, context, wait.sha);
  return mergeVerdict(facts, await standingOf(facts, wait, context));
}

/** The mark for people; programs read the contract's line. */
function markedText({ pr, repo }: PrTarget, head: string | null): readonly string[] {
  const at = head === null ? "" : ` at ${head.slice(0, 7)}`;
  return [`PR #${pr} is marked ready${at}.`, `p9 never merges: gh pr merge ${pr} --repo ${repo}`];
}

/** The refusal as an error; the document of `--json` says the same. */
function refusal(
  target: PrTarget,
  wait: Wait | null,
  verdict: MergeVerdict | null,
  reason: string,
  hint: string,
  context: Context,
): DegradedError {
  const [state, head] = [wait?.state ?? null, wait?.sha ?? null];
  if (context.json)
    context.printJson({ ready: false, ...target, state, head, wait_id: wait?.wait_id ?? null, reason, verdict });
  return new DegradedError(reason, { hint });
}

/** Why a verdict does not allow the mark: it is not ready, or it is about another commit than the one that was watched. */
function obstacleOf(verdict: MergeVerdict, wait: Wait): string | null {
  if (wait.sha !== null && verdict.head !== wait.sha) {
    const [watched, head] = [wait.sha.slice(0, 7), verdict.head?.slice(0, 7)];
    return `its head is ${head}, and ${watched} was watched; p9 watch ${wait.pr} --repo ${wait.repo}`;
  }
  return verdict.ready ? null : verdict.reason;
}

async function mark(wait: Wait, verdict: MergeVerdict | null, context: Context) {
  const store = await context.store();
  // A foreground watch has ended with its verdict, so start a watcher that notices when the mark no longer holds.
  const unwatched = verdict !== null && wait.extra.slow !== true && wait.extra.pin !== undefined;
  const row = await store.transition(wait, "MERGE_READY", {
    ...(unwatched ? { owner: nextOwner(wait) } : {}),
    extra: {
      outcome: "succeeded",
      cause: "merge-ready",
      reason: verdict?.reason ?? "marked without asking GitHub (--unverified)",
      merge_verdict: verdict === null ? "skipped (--unverified)" : { ...verdict, unmet: [] },
      slow: unwatched || wait.extra.slow === true,
      ...(unwatched ? { released: false } : {}),
    },
  });
  if (!row) throw new DegradedError(`${wait.ref} changed while it was being judged: ask again`);
  if (unwatched) {
    const { ensureDriver } = await import("../../../watch/owner/start-driver.ts");
    await ensureDriver(await watchDeps(context), store.find(wait.wait_id) ?? wait);
  }
  return row;
}

async function takeBack(wait: Wait, obstacle: string, store: Store): Promise<Wait | null> {
  const next = `p9 why ${wait.pr} --repo ${wait.repo}`;
  const reason = takenBack(obstacle);
  const extra = { outcome: "succeeded", cause: "merge-ready", reason, slow: wait.extra.slow === true, next };
  await store.transition(wait, "GREEN", { extra });
  return store.find(wait.wait_id);
}
