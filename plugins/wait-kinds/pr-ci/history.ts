import { checkKey, githubNow, numberAt, readHistory, textAt, toGitHubTime } from "../../../src/github.ts";
import type { LookContext } from "../../../src/plugin.ts";
import type { Memory } from "./memory.ts";

/**
 * Remembers, once per head, which checks to expect when no rule names them: those of the pull request's earlier commit and of the
 * base branch, and when the pull request was opened.
 *
 * @throws {GitHubError} `partial` when it could not be read now.
 */
export async function withHistory(context: LookContext, base: string, memory: Memory): Promise<Memory> {
  const { pin, github, clock } = context;
  const question = { number: pin.pr ?? 0, id: textAt(pin.identity, "id") ?? undefined, base, sha: pin.sha };
  const { opened, before, ofBase } = await readHistory(github, pin.repo ?? "", question);
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
