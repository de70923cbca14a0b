import { EXIT } from "../../core/exit-codes.ts";
import { pullRequestUrl } from "../../core/repo.ts";
import { exitOf, OUTCOMES, type Outcome, type State } from "../../core/states.ts";
import { isPullRequest } from "../../core/traits.ts";
import { type Named, waitName } from "../../core/wait-name.ts";
import type { Styled, Tone } from "./styled.ts";

/** The name of a wait, as a link to its pull request. */
export function namePart(wait: Named, text = waitName(wait)): Styled {
  const { pr = null, repo } = wait;
  return { text, href: pr !== null && repo && isPullRequest(wait) ? pullRequestUrl(repo, pr) : null };
}

/** The colour of a state: green, red, or yellow where a human must act or nobody knows. */
export function toneOf(state: State, outcome: string | null | undefined): Tone {
  switch (state) {
    case "GREEN":
    case "MERGE_READY":
    case "MERGED":
      return "green";
    case "WATCHING":
    case "HEALING":
      return "cyan";
    case "PUSHED":
      return "dim";
    case "ABANDONED":
      return outcome === "timed_out" || outcome === "unknown" ? "yellow" : "dim";
    default:
      return isKnown(outcome) && exitOf(outcome) === EXIT.blocked ? "yellow" : "red";
  }
}

function isKnown(outcome: string | null | undefined): outcome is Outcome {
  return typeof outcome === "string" && Object.hasOwn(OUTCOMES, outcome);
}
