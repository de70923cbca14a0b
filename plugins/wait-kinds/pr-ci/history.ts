import {
  checkKey,
  checksSelection,
  GitHubError,
  githubNow,
  listAt,
  numberAt,
  readChecks,
  textAt,
  timeAt,
  toGitHubTime,
} from "../../../src/github.ts";
import type { LookContext } from "../../../src/plugin.ts";
import type { Memory } from "./memory.ts";

/**
 * Reads, once per head, which checks to expect when no rule names them: those of the pull request's earlier commit and of the base
 * branch, and when the pull request was opened. Leaves out what this login may not read, because it is only a hint.
 *
 * @throws {GitHubError} `partial` when it could not be read now.
 */
export async function withHistory(context: LookContext, base: string, memory: Memory): Promise<Memory> {
  const { pin, github, clock } = context;
  const number = pin.pr ?? 0;
  const id = textAt(pin.identity, "id") ?? undefined;
  const branch = JSON.stringify(`refs/heads/${base}`);
  const answer = await github.repository(
    pin.repo ?? "",
    `opened: pullRequest(number: ${number}) { createdAt }
     earlier: pullRequest(number: ${number}) { commits(last: 2) { nodes { commit { oid ${checksSelection({ number, id })} } } } }
     base: ref(qualifiedName: ${branch}) { target { ... on Commit { oid ${checksSelection(null)} } } }`,
  );
  const commits = listAt(answer.data, "earlier", "commits", "nodes");
  const earlier = commits.findLastIndex((node) => textAt(node, "commit", "oid") !== pin.sha);
  const reported = await readChecks(answer, "earlier", "commits", "nodes", Math.max(0, earlier), "commit");
  const ofBase = await readChecks(answer, "base", "target");
  if (reported === null || ofBase === null) {
    throw new GitHubError("partial", "GitHub showed only a part of what the earlier head and the base report");
  }
  const before = earlier < 0 ? [] : reported;
  const opened = timeAt(answer.data, "opened", "createdAt");
  const time = { github, clock, repo: pin.repo ?? null };
  const pushedAt = numberAt(pin.identity, "pushed_at");
  const pushed = pushedAt === null ? null : Math.min(toGitHubTime(pushedAt, time), githubNow(time));
  const times = [opened, pushed, memory.freshAt ?? null].filter((one) => one !== null);
  const required = before.filter((check) => check.required === true).map((check) => check.name);
  return {
    ...memory,
    seeded: true,
    before: memory.before ?? before.map(checkKey),
    requiredBefore: [...new Set([...(memory.requiredBefore ?? []), ...required])],
    ofBase: [...new Set(ofBase.map((check) => check.name))],
    ...(times.length > 0 ? { freshAt: Math.max(...times) } : {}),
  };
}
