import { safeText } from "../../base/redact.ts";
import { quote } from "../../base/text.ts";
import type { AskAgain } from "../../reviewers/describe/reviewer.ts";
import type { ExpectedReviewer } from "../../reviewers/expected.ts";
import type { ReviewStanding } from "../../reviewers/standing.ts";
import { name, type Unmet, unmet } from "./unmet.ts";

/** Characters of a text in which its first line is looked for. */
const MAX_SAID = 1000;

/**
 * Lists the reviewers that were expected to review the head and have not: one that runs on, refused, or is silent. By the policy a refusal
 * may only be noted, and one that has not finished need not be waited for. Null: reviewers are not asked about.
 */
export function reviewed(standing: ReviewStanding | null): Unmet[] {
  if (standing === null) return [];
  const { activity, policy } = standing;
  if (policy.unread) {
    return [unmet("reviewed", "What the policy says of reviews cannot be read", "you: mend it as p9 doctor says")];
  }
  const unread = unmet("reviewed", "What the reviewers said could not be read to its end", "you: see p9 doctor");
  // What was not read may be what somebody expected said: that is not ready.
  const expectsAny = policy.reviewers === "auto" || policy.reviewers.length > 0;
  return [
    ...refusals(standing),
    ...unfinished(standing),
    ...(activity.partial && expectsAny && policy.wait ? [unread] : []),
  ];
}

/** Refusals that the policy only notes, in words. */
export function notedRefusals(standing: ReviewStanding | null): string[] {
  return standing?.policy.refused === "note" ? refusalsOf(standing).map(({ detail }) => detail) : [];
}

/** Reviews that were refused, and checks that passed without doing their work, as far as the policy lets them block. */
export function refusals(standing: ReviewStanding): Unmet[] {
  return standing.policy.refused === "block" ? refusalsOf(standing) : [];
}

/** Reviewers that run on or are silent, as far as the policy waits for them. */
export function unfinished({ policy, reviewers, activity }: ReviewStanding): Unmet[] {
  return policy.wait ? reviewers.flatMap((one) => unfinishedOne(one, activity.head)) : [];
}

function unfinishedOne({ reviewer, state, earlier }: ExpectedReviewer, head: string): Unmet[] {
  if (state === "done" || state === "refused") return [];
  const who = name(reviewer.title);
  const at = head.slice(0, 7);
  if (state === "running") return [unmet("reviewed", `${who} has not finished its review of ${at}`, `${who}: wait`)];
  const before = earlier === null ? "" : `; the last that it reviewed is ${earlier.slice(0, 7)}`;
  const move = `wait, or ${remedyOf(reviewer.ask, earlier === null ? "" : " again")}`;
  return [unmet("reviewed", `${who} has not reviewed ${at}${before}: ${move}`, `you: ${move}`)];
}

function refusalsOf({ reviewers, hollow, activity }: ReviewStanding): Unmet[] {
  const at = activity.head.slice(0, 7);
  const refused = reviewers.flatMap(({ reviewer, state, act }) => {
    if (state !== "refused") return [];
    const remedy = remedyOf(reviewer.ask);
    const detail = `${name(reviewer.title)} did not review ${at}${saying(act?.text)}: ${remedy}`;
    return [unmet("reviewed", detail, `you: ${remedy}`)];
  });
  const others = hollow.map(({ name: check, text }) => {
    const move = "run it again, or ask whoever set it up";
    return unmet(
      "reviewed",
      `"${name(check)}" passed on ${at} without doing its work${saying(text)}: ${move}`,
      `you: ${move}`,
    );
  });
  return [...refused, ...others];
}

/** The first line that a reader sees of what it said, as a quotation: bots begin their comments with marks that are hidden. */
function saying(text: string | undefined): string {
  const shown = safeText(text ?? "", MAX_SAID).replace(/<!--[^>]*-->/g, "");
  const line = shown.split("\n").find((one) => one.trim() !== "");
  return line ? ` (it says ${quote(line, 100)})` : "";
}

function remedyOf({ comment, request, words }: AskAgain, again = " again"): string {
  if (comment) return `ask${again} with the comment ${quote(comment, 60)}`;
  if (request) return `request its review${again}`;
  return words ? `ask it${again} as its description says: ${quote(words, 80)}` : `ask it${again}`;
}
