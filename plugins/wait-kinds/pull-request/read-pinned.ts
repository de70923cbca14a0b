import {
  GitHubError,
  githubNow,
  type PullRequest,
  readPullRequest,
  type TimeContext,
  textAt,
} from "../../../src/github.ts";
import { type LookContext, type LookResult, RefError, sameRepo } from "../../../src/plugin.ts";
import { compareHead, type HeadMemory, LAG_MS } from "./head.ts";
import { followRename, renamed } from "./pin.ts";

/**
 * Reads the pull request of a pin. `sha`: the commit whose checks are read with it; none are without.
 *
 * @throws {RefError} when its repository's name belongs to another repository now; {@link GitHubError} when it cannot be read.
 */
export async function readPinned(context: LookContext, sha?: string | null): Promise<PullRequest> {
  const { pin, github } = context;
  const id = textAt(pin.identity, "id") ?? undefined;
  const question = { number: pin.pr ?? 0, id, sha };
  const pull = await readPullRequest(github, pin.repo ?? "", question).catch((error) => tooNew(error, context));
  if (id !== undefined && pull.id !== id) throw replaced(context);
  return pull;
}

/**
 * The look's result when GitHub shows another head of an open pull request than the pinned one; else null. `keep`: remembers since when
 * GitHub shows it (ms).
 */
export async function otherHead(
  context: LookContext,
  pull: PullRequest,
  memory: HeadMemory,
  keep: (otherSince: number) => void,
): Promise<LookResult | null> {
  if (pull.state !== "OPEN") return null;
  const head = await compareHead(context, pull, memory);
  if (head.is === "pinned") return null;
  keep(memory.otherSince ?? githubNow(timesOf(context)));
  if (head.is === "lag") return { status: "waiting", reason: head.reason, note: head.reason };
  const { pin } = context;
  const earlier = [...(pin.prev_shas ?? []), pin.sha ?? ""].filter((sha) => sha !== head.sha && sha !== "");
  // `here` stays for the head that is watched in place of the local HEAD, and is dropped for later heads.
  const { here, ...known } = pin.identity;
  const identity = here === pin.sha ? pin.identity : known;
  const next = { ...pin, identity, sha: head.sha, prev_shas: [...new Set(earlier)] };
  return { status: "running", reason: head.reason, note: head.reason, pin: next, moved: true };
}

/** The new pin and a note when the repository has been renamed. Without the pull request's id it may be another one. */
export function renaming({ id, repo, number }: PullRequest, { pin }: LookContext): Pick<LookResult, "pin" | "note"> {
  const asked = pin.repo ?? "";
  if (pin.identity.id !== id || sameRepo(asked, repo)) return {};
  return { pin: followRename(pin, { repo, number }), note: renamed(asked, repo) };
}

/** The clock of the pull request's GitHub host, for all times that are remembered and judged. */
export function timesOf({ github, clock, pin }: LookContext): TimeContext {
  return { github, clock, repo: pin.repo ?? null };
}

/** The error when a renamed repository's old name now belongs to another repository. */
function replaced({ pin }: LookContext): RefError {
  return new RefError(
    `Cannot watch ${pin.ref} any longer: ${pin.repo} is another repository now, with another ${pin.ref}`,
  );
}

/** Makes "not found" passing for a new pull request, which not all of GitHub's replicas know yet. */
function tooNew(error: unknown, { clock, since, pin }: LookContext): never {
  const isNew = clock.now() - since < LAG_MS;
  if (!isNew || !(error instanceof GitHubError) || error.problem !== "not-found") throw error;
  throw new GitHubError("not-found", `GitHub does not show ${pin.ref} at the moment`, { cause: error });
}
