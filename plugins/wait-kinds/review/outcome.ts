import {
  type GitHubError,
  isFindingId,
  mayAnswer,
  type ReplyPolicy,
  type ReviewStanding,
  refusals,
  unfinished,
} from "../../../src/github.ts";
import { type LookResult, oneLine } from "../../../src/plugin.ts";
import { afterRefusal } from "./after-refusal.ts";
import type { OpenThread, Said } from "./conversation.ts";
import type { Heard } from "./requests.ts";
import { whoReviewed } from "./who-reviewed.ts";
import { list, openOutside, openThreads, saidEvidence, threadEvidence } from "./words.ts";

/** What a verdict is made of. */
export interface OutcomeFacts {
  readonly standing: ReviewStanding;
  readonly conversation: Heard;
  /** The pull request as a command names it: `42 --repo octo/app`. */
  readonly target: string;
  /** Whose threads p9 may answer. */
  readonly reply: ReplyPolicy;
}

type Told = Pick<LookResult, "status" | "reason" | "next" | "evidence" | "failure">;

/** The verdict on a head that has work or was refused, whoever else is still to come; null: neither. */
export async function workOrRefusal(facts: OutcomeFacts): Promise<Told | null> {
  const { conversation, standing, target } = facts;
  const open = conversation.threads.open.filter(({ trusted }) => trusted);
  if (open.length > 0 || conversation.requests.length > 0) return work(open, facts);
  const [refused, ...more] = refusals(standing);
  return refused ? { ...blocked(refused, more.length, facts), next: await afterRefusal(standing, target) } : null;
}

/** The verdict that only a person can go on. */
export function blocked(
  { detail, who }: { readonly detail: string; readonly who: string },
  more: number,
  { conversation }: Pick<OutcomeFacts, "conversation">,
): Told {
  const rest = more > 0 ? ` (and ${more} more)` : "";
  const whose = detail.endsWith(who.replace(/^you: /, "")) ? "" : `. ${who}`;
  return { status: "blocked", reason: `${detail}${whose}${rest}`, evidence: heard(conversation) };
}

/** The verdict on a head that is reviewed. */
export function reviewed({ standing, conversation, target }: OutcomeFacts): Told {
  const { comments } = conversation;
  const strangers = conversation.threads.open.filter(({ trusted }) => !trusted);
  const parts = [
    ...whoReviewed(standing),
    strangers.length === 0 ? "no thread is open" : openOutside(strangers),
    ...(comments.length > 0 ? [`${list(authors(comments))} wrote a comment`] : []),
  ];
  const next = comments.length > 0 ? "Read the comments in this report" : `p9 why ${target}`;
  return { status: "succeeded", reason: parts.join("; "), evidence: heard(conversation), next };
}

/** The verdict on a head whose reviewers are not waited for any longer. */
export function over({ standing, conversation, target }: OutcomeFacts, afterS: number): Told {
  const [first, ...more] = unfinished(standing);
  const rest = more.length > 0 ? ` (and ${more.length} more)` : "";
  return {
    status: "timed_out",
    reason: `${withoutMove(first)}${rest}, and ${minutesPassed(afterS)}`,
    evidence: heard(conversation),
    next: `p9 why ${target}`,
  };
}

/** The verdict that whoever requested changes was asked to review again, and has not yet; null: nobody was. */
export function reviewAgain({ conversation }: OutcomeFacts): Told | null {
  const { again } = conversation;
  if (again.length === 0) return null;
  const who = list(authors(again));
  return {
    status: "blocked",
    reason: `${who} requested changes and was asked to review again. ${who}: review again`,
    evidence: [...again.map((one) => saidEvidence(one, "requested changes:")), ...heard(conversation)],
  };
}

/** The verdict on a head about which GitHub shows only a part for too long. */
export function unreadable(
  { message, needs }: GitHubError,
  { conversation, target }: OutcomeFacts,
  afterS: number,
): Told {
  const again = `p9 watch review ${target}`;
  return {
    status: "timed_out",
    reason: `${message}, and ${minutesPassed(afterS)}`,
    evidence: heard(conversation),
    next: needs === undefined ? again : `Give it ${needs}, then ${again}`,
  };
}

/** What an unmet condition says, without whose move it is: what was waited for is over. */
function withoutMove(one: { readonly detail: string; readonly who: string } | undefined): string {
  if (one === undefined) return "The reviewers have not finished";
  const move = `: ${one.who.replace(/^you: /, "")}`;
  return one.detail.endsWith(move) ? one.detail.slice(0, -move.length) : one.detail;
}

function minutesPassed(seconds: number): string {
  const minutes = Math.max(1, Math.round(seconds / 60));
  return minutes === 1 ? "1 min has passed" : `${minutes} min have passed`;
}

function work(open: readonly OpenThread[], facts: OutcomeFacts): Told {
  const { conversation, standing } = facts;
  const { requests, threads, unread } = conversation;
  const asked = requests.length > 0 ? `changes are requested by ${list(authors(requests))}` : null;
  const parts = [open.length > 0 ? openThreads(open) : null, asked].filter((part) => part !== null);
  const strangers = threads.open.filter(({ trusted }) => !trusted);
  const text = parts.join("; ");
  const beside = [
    ...(strangers.length > 0 ? [openOutside(strangers)] : []),
    ...refusals(standing).map(({ detail }) => detail),
    ...unread.map(({ message }) => message),
  ];
  return {
    status: "failed",
    reason: `${text.charAt(0).toUpperCase()}${text.slice(1)} on ${standing.activity.head.slice(0, 7)}${beside.map((one) => `; ${one}`).join("")}`,
    failure: { type: "review", rationale: "The reviews ask for work", count: open.length + requests.length },
    evidence: [
      ...requests.map((one) => saidEvidence(one, "requests changes:")),
      ...open.map(threadEvidence),
      ...heard(conversation),
    ],
    next: nextOf(open, facts),
  };
}

/** A login of a person, which a command may name. */
const LOGIN = /^[a-z\d](?:[a-z\d-]{0,37}[a-z\d])?$/i;

/** GitHub keeps a request for changes until its author reviews again, whatever is pushed. */
function askReview(requests: readonly Said[], target: string): string {
  const logins = [...new Set(requests.map(({ author }) => author))];
  const work = "Do what the review asks for, and push";
  if (!logins.every((login) => LOGIN.test(login))) return `${work}; then ask for another review`;
  return `${work}; then gh pr edit ${target} --add-reviewer ${logins.join(",")} asks to review again`;
}

function nextOf(open: readonly OpenThread[], { conversation: { requests }, target, reply }: OutcomeFacts): string {
  if (open.length === 0) return askReview(requests, target);
  // A finding in a check cannot be answered.
  const threads = open.filter(({ id }) => !isFindingId(id));
  const mine = threads.filter((thread) => mayAnswer(thread, reply));
  const answer = "answer each with p9 threads reply <id> --body <text>";
  if (threads.length === 0) return `p9 threads ${target} shows all of it; fix, and push`;
  if (mine.length === threads.length) return `p9 threads ${target} shows all of it; fix, push, and ${answer}`;
  const bots = mine.length > 0 ? `, ${answer.replace("each", "each bot's")}` : "";
  const rest = mine.length > 0 ? "the others" : "them";
  return `p9 threads ${target} shows all of it; fix, push${bots}, and tell the user to answer and resolve ${rest} (ci_watch.reviews.reply is ${reply})`;
}

/** What is shown beside work: comments, and threads of people who do not belong to the repository. */
function heard({ comments, threads }: Pick<Heard, "comments" | "threads">) {
  return [
    ...comments.map((one) => saidEvidence(one, "comments:")),
    ...threads.open.filter(({ trusted }) => !trusted).map(threadEvidence),
  ];
}

function authors(all: readonly { readonly author: string }[]): string[] {
  return [...new Set(all.map(({ author }) => oneLine(author, 40)))];
}
