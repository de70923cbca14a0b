import type { ReviewStanding } from "../../../src/github.ts";
import type { Conversation, Said } from "./conversation.ts";

/** Requests for changes, by whose move they are. */
export interface Requests {
  /** The author's. */
  readonly requests: readonly Said[];
  /** Of reviewers who were asked to review again since. */
  readonly again: readonly Said[];
}

/** What is said on a pull request, its requests for changes parted. */
export type Heard = Conversation & Requests;

/**
 * Parts the standing requests for changes by whose move they are. GitHub takes a reviewer out of the requested ones with each review, and keeps
 * the request for changes when the review is asked for again: whoever stands in both was asked after it. Pure.
 */
export function askedAgain(standing: readonly Said[], acts: ReviewStanding["activity"]["acts"]): Requests {
  const asked = new Set(acts.flatMap(({ in: place, by }) => (place === "request" && by !== null ? [bare(by)] : [])));
  const isAsked = ({ author }: Said) => asked.has(bare(author));
  return { requests: standing.filter((one) => !isAsked(one)), again: standing.filter(isAsked) };
}

/** GraphQL leaves out what REST puts behind an app's login. */
function bare(login: string): string {
  return login.replace(/\[bot\]$/, "").toLowerCase();
}
