import { counted, oneLine, quote } from "../../base/text.ts";
import { DegradedError, ForbiddenError } from "../../core/errors.ts";
import type { Wait } from "../../core/wait.ts";
import { askedAbout, isTrusted } from "../../trust/trust.ts";
import type { WatchDeps } from "../../watch/deps.ts";
import type { Ground } from "../confine/ground.ts";
import { mayUseNetwork } from "../confine/network.ts";
import type { RedPullRequest } from "../evidence/red-pull-request.ts";
import { commitAndPush } from "./commit.ts";
import type { HealRequest } from "./heal-request.ts";
import { type HealCommand, setupCommand } from "./plan.ts";
import { changedFiles, filesOfPull, outOfScope, tooLarge } from "./scope.ts";
import type { Worktree } from "./worktree.ts";

/** The repair was tried and must not be pushed: exit 10. */
export class NotHealed extends Error {}

/** Refuses to run what the repository names before it is trusted as it stands at the head. */
export async function requireTrust(
  worktree: Worktree,
  command: HealCommand,
  { cwd, policy }: HealRequest,
  deps: WatchDeps,
): Promise<void> {
  const place = { env: deps.env, cwd, home: deps.store.home, tree: worktree.dir };
  const setup = setupCommand(policy);
  for (const { run, trust } of setup ? [command, setup] : [command]) {
    if (await isTrusted(place, trust)) continue;
    const { changed } = await askedAbout(place, trust);
    const files = changed.slice(0, 3).map((file) => quote(file, 80));
    const what =
      files.length === 0
        ? "the repository names it and it is not trusted as it stands at the head"
        : `the head changes ${counted(changed.length, "file")} that can run, against what was trusted (${files.join(", ")}${changed.length > 3 ? ", …" : ""})`;
    throw new ForbiddenError(`Cannot run ${quote(run, 120)} (${trust.subject}): ${what}`, {
      hint: "check the branch out and run p9 trust there: it shows it and asks",
    });
  }
}

/** Whether the repair has the network. @throws {ForbiddenError} when the repository asks for it and that is not trusted. */
export function networkLeave({ cwd, policy }: HealRequest, deps: WatchDeps): Promise<boolean> {
  return mayUseNetwork(policy, { env: deps.env, cwd, home: deps.store.home });
}

/** Prepares the worktree: the policy's set-up, or the dependencies that are installed in the checkout. */
export async function setUp(ground: Ground, { policy, say }: HealRequest): Promise<Ground> {
  const setup = setupCommand(policy);
  if (setup === null) return ground.bringDependencies();
  say(`setting up with "${setup.run}"`);
  const done = await ground.run(setup.run, { installs: true, network: true });
  if (!done.ok) throw new NotHealed(`The set-up failed (${done.cut ?? `exit ${done.code}`}): ${lastLine(done.tail)}`);
  return ground;
}

/** Runs the command, judges what it changed, and pushes it. @throws {NotHealed} when there is nothing worth pushing. */
export async function runRepair(
  ground: Ground,
  command: HealCommand,
  red: RedPullRequest,
  healing: Wait | null,
  remote: string,
  request: HealRequest,
  deps: WatchDeps,
): Promise<{ commit: string; files: string[]; reason: string }> {
  const { repo, pr, policy, say, signal } = request;
  const { worktree } = ground;
  const leave = { installs: false, network: await networkLeave(request, deps) };
  const before = new Set(await changedFiles(worktree, deps));
  const ran = await ground.run(command.run, leave);
  if (signal?.aborted) throw new DegradedError("Cannot go on healing: interrupted");
  // What it had written by then is half a repair.
  if (ran.cut !== null)
    throw new NotHealed(`"${command.run}" did not end by itself (${ran.cut}): ${lastLine(ran.tail)}`);
  const files = (await changedFiles(worktree, deps)).filter((file) => !before.has(file));
  if (files.length === 0)
    throw new NotHealed(`"${command.run}" changed nothing (exit ${ran.code}): ${lastLine(ran.tail)}`);
  const foreign = outOfScope(files, await filesOfPull(await deps.github(), repo, pr), policy.ci_heal.allow_paths);
  if (foreign.length > 0) {
    const shown = foreign
      .slice(0, 3)
      .map((file) => `"${oneLine(file, 80)}"`)
      .join(", ");
    throw new ForbiddenError(
      `Cannot push the heal: it changes ${counted(foreign.length, "file")} outside the pull request (${shown}${foreign.length > 3 ? ", …" : ""})`,
      { hint: "ci_heal.allow_paths of the policy allows more" },
    );
  }
  const size = tooLarge(worktree, files);
  if (size !== null)
    throw new NotHealed(
      `"${command.run}" left ${Math.round(size / 2 ** 20)} MiB of changed files; a repair holds 100 at most`,
    );
  if (command.check) {
    const checked = await ground.run(command.check, leave);
    const missing = checked.code === 127 || checked.code === 126;
    if (!checked.ok && !missing)
      throw new NotHealed(`"${command.check}" still fails after the heal: ${lastLine(checked.tail)}`);
    if (missing) say(`"${command.check}" cannot run here: not checked locally`);
  }
  const commit = await commitAndPush({ worktree, files, red, command, remote, repo, pr, wait: healing }, deps);
  return {
    commit,
    files,
    reason: `"${command.run}" changed ${counted(files.length, "file")}; pushed ${commit.slice(0, 12)}`,
  };
}

function lastLine(tail: string): string {
  return oneLine(tail.split("\n").findLast((line) => line.trim() !== "") ?? "no output", 200);
}
