import {
  at,
  checkKey,
  checksSelection,
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
 * Asks once per head what leads one to expect checks when no rule says it: what the pull request's earlier commit and the
 * base branch report, and when the pull request was opened. What cannot be read is left out: it is only a hint.
 */
export async function withHistory(context: LookContext, base: string, memory: Memory): Promise<Memory> {
  const { pin, github, clock } = context;
  const number = pin.pr ?? 0;
  const id = textAt(pin.identity, "id") ?? undefined;
  const branch = JSON.stringify(`refs/heads/${base}`);
  const { data } = await github.repository(
    pin.repo ?? "",
    `opened: pullRequest(number: ${number}) { createdAt }
     earlier: pullRequest(number: ${number}) { commits(last: 2) { nodes { commit { oid ${checksSelection({ number, id })} } } } }
     base: ref(qualifiedName: ${branch}) { target { ... on Commit { oid ${checksSelection(null)} } } }`,
  );
  const commits = listAt(data, "earlier", "commits", "nodes").map((node) => at(node, "commit"));
  const earlier = commits.filter((commit) => textAt(commit, "oid") !== pin.sha).at(-1);
  const time = { github, clock, repo: pin.repo ?? null };
  const pushedAt = numberAt(pin.identity, "pushed_at");
  const pushed = pushedAt === null ? null : Math.min(toGitHubTime(pushedAt, time), githubNow(time));
  const times = [timeAt(data, "opened", "createdAt"), pushed].filter((one) => one !== null);
  const reported = readChecks(earlier);
  const required = reported.filter((check) => check.required === true).map((check) => check.name);
  return {
    ...memory,
    seeded: true,
    before: memory.before ?? reported.map(checkKey),
    requiredBefore: [...new Set([...(memory.requiredBefore ?? []), ...required])],
    ofBase: [...new Set(readChecks(at(data, "base", "target")).map((check) => check.name))],
    ...(times.length > 0 ? { freshAt: Math.max(...times) } : {}),
  };
}
