import {
  GitHubError,
  mayAnswer,
  type ReplyPolicy,
  readReviewWork,
  replyPolicyOf,
  type Thread,
  threadKey,
} from "../../src/github.ts";
import {
  type DiscoverContext,
  defineQueueSource,
  type FoundItem,
  oneLine,
  pathName,
  quote,
  UnavailableError,
} from "../../src/plugin.ts";
import { knownReviewers } from "../../src/provider.ts";
import { reviewers } from "../reviewers/registry.ts";

/** Offers the open review threads and the findings in checks of the pull request in flight, of people of the repository and of known reviewers. */
export default defineQueueSource({
  name: "reviews",
  summary: "Open review threads of the pull request",
  timeoutS: 10,
  discover: async (context) => {
    const { pr, limit } = context;
    if (pr === null) throw new UnavailableError("no pull request is in flight", { absent: true });
    const known = await knownReviewers(reviewers, context.config, await context.reviewers());
    const threads = await threadsOf(context, pr.repo, pr.number, known);
    const open = threads.filter(({ resolved, answered, trusted }) => !resolved && !answered && trusted);
    const reply = replyPolicyOf(context.config);
    return open.slice(0, limit).map((thread) => asItem(thread, pr, reply));
  },
});

async function threadsOf(
  { github }: DiscoverContext,
  repo: string,
  number: number,
  known: Awaited<ReturnType<typeof knownReviewers>>,
): Promise<readonly Thread[]> {
  try {
    return (await readReviewWork(github, { repo, number, known })).threads;
  } catch (error) {
    if (error instanceof GitHubError) throw new UnavailableError(error.message, { cause: error });
    throw error;
  }
}

function asItem(
  thread: Thread,
  { repo, number }: { readonly repo: string; readonly number: number },
  reply: ReplyPolicy,
): FoundItem {
  const place = `${pathName(thread.path, 120)}${thread.line === null ? "" : `:${thread.line}`}`;
  const text = thread.comments[0]?.text ?? "";
  return {
    item: `${taskOf(thread, reply)} by ${oneLine(thread.author, 40)} at ${place} of #${number}, which says ${quote(text, 300)}: p9 threads ${number} --repo ${repo} has all of it, and its id ${thread.id}${endOf(thread, reply)}`,
    key: threadKey(repo, number, thread.id),
    files: [thread.path],
    minutes: 10,
    tier: "stacked_branch",
    why: `${thread.level === null ? "an open thread" : "a finding in a check"} of #${number} by ${thread.bot ? "a reviewer" : "a member"}`,
  };
}

function taskOf(thread: Thread, reply: ReplyPolicy): string {
  if (thread.level !== null) return "Fix the finding";
  return mayAnswer(thread, reply) ? "Answer the review thread" : "Fix what is asked for in the review thread";
}

/** Who ends it where the policy does not let p9 answer. */
function endOf(thread: Thread, reply: ReplyPolicy): string {
  return thread.level !== null || mayAnswer(thread, reply) ? "" : "; push the fix: a person answers and resolves it";
}
