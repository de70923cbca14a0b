import { oneLine, quote } from "../../base/text.ts";

/** Why a job or run has not started. Only a reviewer must act; all other causes end without one. */
export type Cause =
  | { readonly is: "reviewer"; readonly environment: string; readonly reviewers: readonly string[] }
  | { readonly is: "timer"; readonly environment: string; readonly minutes: number }
  /** Another protection rule of the environment: an app, a policy on branches. */
  | { readonly is: "rule"; readonly environment: string | null }
  /** Another run holds the concurrency group. */
  | { readonly is: "group"; readonly group: string | null }
  /** This login may not read the cause. */
  | { readonly is: "withheld"; readonly needs: string };

/** Words the cause to follow "it waits: ", with text from outside made safe. */
export function causeWords(cause: Cause): string {
  switch (cause.is) {
    case "reviewer": {
      const who = cause.reviewers.slice(0, 4).map((name) => oneLine(name, 40));
      const more = cause.reviewers.length > who.length ? ", …" : "";
      return `a reviewer of the environment ${quote(cause.environment)} must approve it (${who.join(", ")}${more})`;
    }
    case "timer":
      return `the wait timer of the environment ${quote(cause.environment)} runs (${cause.minutes} min)`;
    case "rule":
      return cause.environment === null
        ? "a deployment protection rule decides"
        : `a deployment protection rule of the environment ${quote(cause.environment)} decides`;
    case "group":
      return `another run holds its concurrency group${cause.group === null ? "" : ` ${quote(cause.group)}`}`;
    case "withheld":
      return `a deployment protection rule decides, and who is asked cannot be read (${cause.needs})`;
  }
}
