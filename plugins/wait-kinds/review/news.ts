import type { Conversation, Said } from "./conversation.ts";

/** What somebody said that is to be told: in an open thread that waits for an answer, with a request for changes, or in a comment. */
export function newsOf({ threads, requests, comments }: Conversation): readonly Pick<Said, "author" | "at">[] {
  const waiting = threads.open.filter(({ replied, trusted }) => !replied && trusted);
  return [...waiting, ...requests, ...comments];
}

/** When the newest of it was said (ms); 0: nothing was. */
export function newsAt(conversation: Conversation): number {
  return Math.max(0, ...newsOf(conversation).map(({ at }) => at));
}
