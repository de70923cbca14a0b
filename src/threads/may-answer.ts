import { isObject, type JsonObject } from "../base/json.ts";
import type { Thread } from "./thread.ts";

/** Policy `ci_watch.reviews.reply`: whose threads p9 answers and resolves. */
export type ReplyPolicy = "bots" | "all" | "none";

/** Reads that policy from `ci_watch`, as plugins get it. */
export function replyPolicyOf({ reviews }: JsonObject): ReplyPolicy {
  const { reply } = isObject(reviews) ? reviews : {};
  return reply === "all" || reply === "none" ? reply : "bots";
}

/** Whether it lets p9 answer and resolve a thread. */
export function mayAnswer({ bot }: Pick<Thread, "bot">, reply: ReplyPolicy): boolean {
  return reply === "all" || (reply === "bots" && bot);
}
