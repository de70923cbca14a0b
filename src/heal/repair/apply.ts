import { oneLine } from "../../base/text.ts";
import { HealLockError } from "../../core/errors.ts";
import type { Wait } from "../../core/wait.ts";
import { makeDir } from "../../store/files.ts";
import { LockTimeoutError, withLock } from "../../store/lock/lock.ts";
import type { WatchDeps } from "../../watch/deps.ts";
import { ownRules } from "../classify/policy-rules.ts";
import { cacheFolder, type Ground, groundFor } from "../confine/ground.ts";
import { requireLinksWithin } from "../confine/head-links.ts";
import { earlierHeals, endWithoutPush, startHealing, watchAgain } from "../cycle.ts";
import { evaluate, stalledTwice } from "../evaluate.ts";
import { ciLogReader } from "../evidence/ci-log.ts";
import { gather } from "../evidence/gather.ts";
import type { RedPullRequest } from "../evidence/red-pull-request.ts";
import { fastForward } from "./commit.ts";
import type { Healed, HealRequest } from "./heal-request.ts";
import { healCommand, isClassified } from "./plan.ts";
import { NotHealed, networkLeave, requireTrust, runRepair, setUp } from "./repair.ts";
import { endOfRuns, rerunFailed, runsThatGoOn, whyNoRerun } from "./rerun.ts";
import { remoteOf, requirePushesTo, workRoot } from "./work-root.ts";
import { addWorktree, haveCommit, healFolder, removeWorktree, withFilters } from "./worktree.ts";

/**
 * Heals one red pull request once: classify, decide, repair in a worktree, check, push. Holds `heal.lock` from the first look to the
 * push, so that two heals never race.
 *
 * @throws {HealLockError} (6) when another heal runs; {@link ForbiddenError} (7) for trust and scope.
 */
export async function applyHeal(request: HealRequest, deps: WatchDeps): Promise<Healed> {
  if (request.dryRun) return attempt(request, deps);
  makeDir(deps.store.home);
  for (;;) {
    const healed = await locked(request, deps);
    if (!healed.goOn) return healed;
    // Not under the lock: other heals need not wait for this run.
    request.say(`${healed.reason}; waiting for that`);
    if (!(await endOfRuns(request.repo, healed.goOn, deps, request.signal))) return healed;
  }
}

async function locked(request: HealRequest, deps: WatchDeps): Promise<Healed> {
  try {
    return await withLock(deps.store.paths.healLock, () => attempt(request, deps), {
      timeoutMs: request.lockTimeoutMs,
    });
  } catch (error) {
    if (error instanceof LockTimeoutError && error.path === deps.store.paths.healLock)
      throw new HealLockError(
        `Cannot heal #${request.pr}: another heal has held the lock for ${Math.round(request.lockTimeoutMs / 1000)} s`,
      );
    throw error;
  }
}

async function attempt(request: HealRequest, deps: WatchDeps): Promise<Healed> {
  const { repo, pr, policy } = request;
  const github = await deps.github();
  const wait = deps.store.findPr(repo, pr);
  const rules = ownRules(policy.ci_heal.rules);
  const red = await gather(repo, pr, null, {
    github,
    paths: deps.store.paths,
    env: deps.env,
    now: () => deps.clock.now(),
    rules,
    ciLog: ciLogReader({ env: deps.env, cwd: request.cwd, home: deps.store.home }),
  });
  const result = (did: Healed["did"], reason: string, more: Partial<Healed> = {}): Healed => ({
    did,
    reason,
    red,
    wait,
    command: null,
    commit: null,
    files: [],
    score: null,
    ...more,
  });
  const refusal = whyNot(red, wait);
  if (refusal) return result("nothing", refusal);
  const { max_attempts, stability_floor } = policy.ci_heal;
  const earlier = wait ? earlierHeals(wait, deps) : [];
  const now = { signature: red.found.signature_hash, failures: red.found.failures, confidence: red.found.confidence };
  const tries = wait?.attempt ?? 0;
  const { score } = evaluate(now, earlier.at(-1)?.cycle ?? null, tries, max_attempts, stability_floor);
  if (tries >= max_attempts) return result("spent", `${tries} of ${max_attempts} attempts are used up`, { score });
  if (stalledTwice([...earlier.map((heal) => heal.score), score], stability_floor))
    return result("stalled", `Two heals running did not help (score ${score}, floor ${stability_floor})`, { score });
  if (red.found.transient) return rerun(request, red, wait, result, deps);
  if (!isClassified(red.found, policy)) {
    const isRead = red.logs.some(({ text }) => text !== "");
    const why = isRead ? `${red.found.rationale}: not of a type that the policy heals` : red.found.rationale;
    return result("nothing", why, { score });
  }
  return repair(request, red, wait, score, result, deps);
}

/** Why this pull request must not be touched, or null. */
function whyNot({ pull, failed, sha, history, found }: RedPullRequest, wait: Wait | null): string | null {
  if (pull.state !== "OPEN") return `It is ${pull.state.toLowerCase()}`;
  if (pull.fork) return "It comes from a fork: p9 never pushes there";
  if (failed.length === 0) return "Nothing has failed on its head";
  if (history.onBase && !found.transient) return `It is ${history.answer}: repair the base branch first`;
  if (wait?.state === "HEALING") return "Another heal has it";
  if (wait?.sha && wait.sha !== sha && (wait.state === "RED_CLASSIFIED" || wait.state === "RED_UNCLASSIFIED"))
    return `The head moved to ${sha.slice(0, 12)} since the verdict: watch it again first`;
  return null;
}

type Result = (did: Healed["did"], reason: string, more?: Partial<Healed>) => Healed;

async function rerun(
  request: HealRequest,
  red: RedPullRequest,
  wait: Wait | null,
  result: Result,
  deps: WatchDeps,
): Promise<Healed> {
  const why = whyNoRerun(red, deps);
  if (why) return result("nothing", `Not run again: ${why}`);
  const what = `The failed jobs of ${red.sha.slice(0, 12)} run again: ${red.found.rationale}`;
  const goesOn = (runs: readonly number[]) => {
    const names = `${runs.length === 1 ? "Run" : "Runs"} ${runs.join(", ")}`;
    return `${names} ${runs.length === 1 ? "goes" : "go"} on, and GitHub runs failed jobs again when that has ended`;
  };
  const going = runsThatGoOn(red);
  if (request.dryRun) {
    return result(
      "would",
      `Would ask for a re-run${going.length > 0 ? ` at the end of run ${going.join(", ")}` : ""}: ${what}`,
    );
  }
  if (going.length > 0) return result("nothing", goesOn(going), { goOn: going });
  const asked = await rerunFailed(request.repo, red, await deps.github(), deps);
  if (asked.accepted.length === 0) return result("nothing", goesOn(asked.goOn), { goOn: asked.goOn });
  const again =
    wait && wait.state !== "WATCHING" && wait.state !== "PUSHED"
      ? await watchAgain(wait, red.sha, { attempt: wait.attempt, cause: "rerun", reason: what }, deps)
      : wait;
  return result("rerun", what, { wait: again ?? wait });
}

async function repair(
  request: HealRequest,
  red: RedPullRequest,
  wait: Wait | null,
  score: number,
  result: Result,
  deps: WatchDeps,
): Promise<Healed> {
  const { repo, cwd, policy, dryRun, say } = request;
  const root = await workRoot(cwd, repo, deps);
  if (root === null) return result("nothing", `No checkout of ${repo} here: run it in one`, { score });
  const remote = (await remoteOf(root, repo, deps)) ?? "origin";
  await requirePushesTo(repo, remote, root, deps);
  await haveCommit(root, remote, red.sha, red.pull.branch, deps);
  await requireLinksWithin({ exec: deps.exec, env: deps.env, cwd: root }, red.sha);
  let worktree = await addWorktree(root, healFolder(deps.store.home, repo), red.sha, deps);
  let healing: Wait | null = null;
  let ground: Ground | null = null;
  try {
    const command = healCommand(red.found, policy, worktree.dir);
    if (!command)
      return result(
        "human",
        `Neither the policy nor the project names a command that repairs ${red.found.failure_type}`,
        { score },
      );
    await requireTrust(worktree, command, request, deps);
    await networkLeave(request, deps);
    if (dryRun)
      return result(
        "would",
        `Would run "${command.run}" (${command.from}) on ${red.sha.slice(0, 12)} and push to ${oneLine(red.pull.branch, 80)}`,
        { command: command.run, score },
      );
    if (wait && ["RED_CLASSIFIED", "RED_UNCLASSIFIED", "ESCALATED"].includes(wait.state)) {
      healing = await startHealing(wait, red, score, deps);
      if (!healing) return result("nothing", "Another process took up the wait meanwhile", { score });
    }
    worktree = await withFilters(worktree, deps);
    ground = await groundFor(worktree, {
      exec: deps.exec,
      env: deps.env,
      home: deps.store.home,
      cache: cacheFolder(deps.store.home, repo),
      signal: request.signal,
    });
    ground = await setUp(ground, request);
    const how = ground.confinement.name === null ? "not confined" : `confined by ${ground.confinement.name}`;
    say(`running "${command.run}" (${command.from}) on ${red.sha.slice(0, 12)}, ${how}`);
    const done = await runRepair(ground, command, red, healing, remote, request, deps);
    const again = healing
      ? await watchAgain(
          healing,
          done.commit,
          { attempt: healing.attempt + 1, cause: "healed", reason: done.reason },
          deps,
        )
      : null;
    healing = null;
    for (const line of await fastForward(root, red.pull.branch, red.sha, done.commit, deps)) say(line);
    return result("pushed", done.reason, {
      command: command.run,
      commit: done.commit,
      files: done.files,
      score,
      wait: again ?? wait,
    });
  } catch (error) {
    if (error instanceof NotHealed) return result("nothing", error.message, { score });
    throw error;
  } finally {
    if (healing)
      await endWithoutPush(deps.store.find(healing.wait_id) ?? healing, "The heal did not end in a push", deps);
    ground?.remove();
    await removeWorktree(worktree, deps);
  }
}
