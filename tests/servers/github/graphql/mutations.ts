import type { Pull, Thread } from "../pull.ts";
import type { World } from "../world.ts";
import { githubError } from "./errors.ts";
import { shownThreads, threadId, viewThread } from "./reviews.ts";

/**
 * The mutations on review threads. Source: GraphQL, `AddPullRequestReviewThreadReplyInput`, `ResolveReviewThreadInput`,
 * `UnresolveReviewThreadInput`.
 */
export function mutations(world: World) {
  return {
    addPullRequestReviewThreadReply: ({ input }: { input: { pullRequestReviewThreadId: string; body: string } }) => {
      const { thread } = findThread(world, input.pullRequestReviewThreadId);
      thread.replies = [
        ...(thread.replies ?? []),
        { author: world.viewer ?? "ghost", body: input.body, at: world.now() },
      ];
      return { comment: { id: `PRRC_reply_${thread.replies.length}` } };
    },
    resolveReviewThread: ({ input }: { input: { threadId: string } }) => setResolved(world, input.threadId, true),
    unresolveReviewThread: ({ input }: { input: { threadId: string } }) => setResolved(world, input.threadId, false),
  };
}

function setResolved(world: World, id: string, resolved: boolean) {
  const { thread, pull } = findThread(world, id);
  thread.resolved = resolved;
  return { thread: () => viewThread(thread, pull) };
}

function findThread(world: World, id: string): { readonly thread: Thread; readonly pull: Pull } {
  for (const repo of world.repos.values())
    for (const pull of repo.shownPulls())
      for (const thread of shownThreads(pull)) if (threadId(thread, pull) === id) return { thread, pull };
  throw githubError("NOT_FOUND", `Could not resolve to a node with the global id of '${id}'`);
}
