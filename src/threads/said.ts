import { isTrueAt, textAt, timeAt } from "../github/read.ts";

/**
 * What CodeRabbit adds to its own comment when it sees that what it asked for was done: public comments, as lhpaul/ai-dev-framework-template#134
 * and the fixtures of other tools have them.
 */
const DONE = /✅ (?:Confirmed as )?addressed\b|<review_comment_addressed>/i;

/** The login that asks, as far as something of its own is among these comments; else null. */
export function ownLogin(comments: readonly unknown[]): string | null {
  return textAt(
    comments.find((comment) => isTrueAt(comment, "viewerDidAuthor")),
    "author",
    "login",
  );
}

/**
 * When a comment or review last said something new (ms): when it was published, which may be long after it was drafted, or edited. An edit by
 * the login that asks is none, nor is a bot's that marks what it asked for as done.
 */
export function saidAt(comment: unknown, own: string | null): number {
  return Math.max(publishedAt(comment), editedAt(comment, own));
}

/** When it was there for others to read (ms); 0: GitHub does not say. */
export function publishedAt(comment: unknown): number {
  const times = ["submittedAt", "publishedAt", "createdAt"].map((field) => timeAt(comment, field));
  return times.find((time) => time !== null) ?? 0;
}

function editedAt(comment: unknown, own: string | null): number {
  const editor = textAt(comment, "editor", "login");
  const isMark = textAt(comment, "author", "__typename") === "Bot" && DONE.test(textAt(comment, "body") ?? "");
  if (isMark || (own !== null && editor === own)) return 0;
  return timeAt(comment, "lastEditedAt") ?? 0;
}
