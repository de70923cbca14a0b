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
      const { thread, pull } = findThread(world, input.pullRequestReviewThreadId);
      const author = world.viewer ?? "ghost";
      // Measured by public tools: with a review begun, the answer joins it and stays unseen (poingstudios/godot-admob-plugin#493 and others).
      const draft = pull.reviews.some((review) => review.state === "PENDING" && review.author === author);
      thread.replies = [...(thread.replies ?? []), { author, body: input.body, at: world.now(), draft }];
      return { comment: { id: `PRRC_reply_${thread.replies.length}`, state: draft ? "PENDING" : "SUBMITTED" } };
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
