import { hasPassed } from "../github/checks.ts";
import type { GitHub } from "../github/client.ts";
import type { PullRequest } from "../github/pull-request.ts";
import type { Expected } from "./expected-checks.ts";
import type { MergeFacts } from "./facts.ts";
import { readHistory } from "./history.ts";
import { checkKey } from "./latest-checks.ts";
import { saysMergeable } from "./merge-state.ts";
import { whyNoRuns } from "./no-runs.ts";

/** A check that is absent for longer than this never comes. */
const YOUNG_MS = 3600_000;

/** What has not reported on the head although nothing requires it. */
export type Silence = Pick<MergeFacts, "nothing" | "absent">;

const NONE: Silence = { nothing: null, absent: null };

/**
 * Reads, when no check is required, why nothing reports on the head, or what reported elsewhere and is absent from a young head that
 * GitHub calls mergeable. Makes no request otherwise.
 *
 * @throws {GitHubError} when it could not be read now.
 */
export async function readSilence(
  github: GitHub,
  repo: string,
  pull: PullRequest,
  { deciding, missing, requiredKnown }: Expected,
  reported: number,
): Promise<Silence> {
  if (pull.state !== "OPEN" || missing.length > 0) return NONE;
  const { id, number, base, head: sha } = pull;
  const question = { number, id, base, sha };
  if (reported === 0) {
    const noRuns = await whyNoRuns(github, repo, sha, pull);
    const { before, ofBase } = await readHistory(github, repo, question);
    const elsewhere = [...before, ...ofBase].filter(({ raw }) => raw !== "EXPECTED").map(({ name }) => name);
    return { ...NONE, nothing: { noRuns, elsewhere: [...new Set(elsewhere)] } };
  }
  const first = Math.min(...deciding.flatMap(({ startedAt }) => startedAt ?? []));
  const now = github.now?.(repo) ?? Date.now();
  const wanted = !requiredKnown && deciding.every(({ state }) => hasPassed(state)) && saysMergeable(pull);
  if (!wanted || !Number.isFinite(first) || now - first > YOUNG_MS) return NONE;
  const { before, ofBase } = await readHistory(github, repo, question);
  const keys = new Set(deciding.map(checkKey));
  const known = new Set(deciding.map(({ name }) => name));
  const late = [
    ...before.filter((check) => !keys.has(checkKey(check))),
    ...ofBase.filter(({ name }) => !known.has(name)),
  ];
  const names = [...new Set(late.map(({ name }) => name))];
  const since = Math.max(first, pull.openedAt ?? first);
  return names.length === 0 ? NONE : { ...NONE, absent: { names, ageS: Math.max(0, (now - since) / 1000) } };
}
