import { join } from "node:path";
import type { Command } from "@commander-js/extra-typings";
import { impliedKinds } from "../../../../plugins/wait-kinds/registry.ts";
import { oneLine } from "../../../base/text.ts";
import { ExternalError, UsageError } from "../../../core/errors.ts";
import { splitRepo } from "../../../core/repo.ts";
import type { GitHub } from "../../../github/client.ts";
import { GitHubError } from "../../../github/errors.ts";
import { textAt } from "../../../github/read.ts";
import { makeDir } from "../../../store/files.ts";
import { withLock } from "../../../store/lock/lock.ts";
import { paths } from "../../../store/paths.ts";
import { type AnswerDeps, type Answered, replyTo, resolveThread } from "../../../threads/answer.ts";
import { keepEarlyAnswer } from "../../../threads/early-answers.ts";
import { readReviewWork } from "../../../threads/read-work.ts";
import type { Context } from "../../program/context.ts";
import { PR_ARGUMENT, prTarget } from "../../program/pr-target.ts";
import { reviewersHere } from "../merge/reviewers-here.ts";
import { endWorkOn } from "./end-work.ts";
import { threadLines } from "./thread-text.ts";

const REPO = "--repo <owner/name>";
const WHOSE =
  "ci_watch.reviews.reply in the policy says whose threads that may be (bots, all, none; default: bots); any other ends with 7";

/** `p9 threads`: the review threads of a pull request, and answers to them. */
export function register(command: Command, context: Context): void {
  command
    .command("list")
    .description("Show the open threads and what reviewers found in checks, with who wrote them")
    .argument("[pr]", PR_ARGUMENT)
    .option("--all", "resolved ones too")
    .option(REPO, "the repository of the pull request")
    .action((pr, options) => list(pr, options, context));
  command
    .command("reply")
    .summary("Answer a thread; resolve it, once its fix is pushed")
    .description(
      `Answer a thread, once: the same text again changes nothing. It is resolved too when a commit was pushed since it was begun; before, it stays open, and p9 watch review resolves it with the push. ${WHOSE}`,
    )
    .argument("<id>", "its id, as in the list")
    .requiredOption("--body <text>", "the answer; - reads it from standard input")
    .option(REPO, "a repository at the GitHub of the thread")
    .action(async (id, { body, repo }) => {
      const text = (body === "-" ? context.stdin() : body).trim();
      if (text === "") throw new UsageError("Cannot answer a thread with an empty text: wanted --body <text>");
      const folder = join(paths(context.home).data, impliedKinds.reviews);
      makeDir(folder);
      const deps = await answerDeps(repo, context);
      // Two processes that answer alike at one moment would both see no answer yet.
      const { done, wasResolved, pull } = await withLock(join(folder, "answer.lock"), () =>
        external(replyTo(id, text, deps)),
      );
      if (done.resolved) await endWorkOn(id, context);
      else keepEarlyAnswer(folder, { id, ...pull });
      report(done, answeredWords(done, wasResolved), context);
    });
  command
    .command("resolve")
    .summary("Mark a thread as resolved")
    .description(`Mark a thread as resolved, whether it was answered or not; work on it leaves the queue. ${WHOSE}`)
    .argument("<id>", "its id, as in the list")
    .option(REPO, "a repository at the GitHub of the thread")
    .action(async (id, { repo }) => {
      const done = await external(resolveThread(id, await answerDeps(repo, context)));
      await endWorkOn(id, context);
      report(done, "resolved", context);
    });
}

async function list(
  text: string | undefined,
  options: { readonly all?: true; readonly repo?: string },
  context: Context,
): Promise<void> {
  const { repo, pr } = await prTarget(text, options.repo, context);
  const [{ known }, { ci_watch, problems }] = await Promise.all([reviewersHere(context), context.policy()]);
  for (const problem of problems) context.warn(problem);
  const github = await context.github();
  const [{ threads: all, unread }, state] = await external(
    Promise.all([readReviewWork(github, { repo, number: pr, known }), stateOf(github, repo, pr)]),
  );
  const threads = options.all ? all : all.filter(({ resolved }) => !resolved);
  if (unread !== null) context.warn(`What reviewers found in checks is not shown: ${unread}`);
  if (context.json) return context.printJson({ threads });
  const how = { columns: context.columns, reply: ci_watch.reviews.reply, over: state !== "OPEN" };
  for (const thread of threads) context.printParts(...threadLines(thread, how));
  const resolved = all.length - all.filter((thread) => !thread.resolved).length;
  const rest = resolved > 0 && !options.all ? `; ${resolved} resolved: --all` : "";
  if (threads.length === 0) context.print(`No open thread on #${pr} (${repo})${rest}`);
}

/** GitHub's state of a pull request, in the request of whatever is asked beside. */
async function stateOf(github: GitHub, repo: string, pr: number): Promise<string | null> {
  const answer = await github.repository(repo, `pullRequest(number: ${pr}) { state }`);
  return textAt(answer.data, "pullRequest", "state");
}

async function answerDeps(repo: string | undefined, context: Context): Promise<AnswerDeps> {
  // Answers are what others see: no policy that cannot be read allows them.
  const policy = await context.policy("watch");
  const [named, { known }] = await Promise.all([context.repo(repo), reviewersHere(context)]);
  const host = named === null ? undefined : splitRepo(named).host;
  return { github: await context.github(), host, known, reply: policy.ci_watch.reviews.reply };
}

/** What an answer came to. */
function answeredWords({ answered, resolved }: Answered, wasResolved: boolean): string {
  const words = [answered ? "answered" : null, resolved && !wasResolved ? "resolved" : null];
  return words.filter((word) => word !== null).join(" and ") || "was answered so before";
}

function report(done: Answered, words: string, context: Context): void {
  if (context.json) {
    context.printJson(done);
    return;
  }
  context.print(`${oneLine(done.id, 60)} ${words}`);
  if (!done.resolved)
    context.warn(
      `It stays open until its fix is pushed. p9 watch review resolves it then, or p9 threads resolve ${oneLine(done.id, 60)}`,
    );
}

/** A request to GitHub, whose error is one of a command. */
async function external<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    const hint = error.needs ? `It needs ${error.needs}` : undefined;
    const Kind = error.problem === "not-found" ? UsageError : ExternalError;
    throw new Kind(error.message, { cause: error, hint });
  }
}
