import { ObservationError } from "../core/observation.ts";

/** What stood between p9 and GitHub's answer. */
export type GitHubProblem =
  /** `gh` is not installed. */
  | "no-gh"
  /** `gh` has no login. */
  | "not-logged-in"
  /** 401: the login is not valid (any more). */
  | "unauthorized"
  /** The token may not read this. */
  | "forbidden"
  /** The repository's host is no GitHub that gh has a login for: nothing was sent. */
  | "unknown-host"
  | "repo-not-found"
  | "not-found"
  /** The primary rate limit is used up, or what p9 may take of it. */
  | "rate-limit"
  /** GitHub's secondary limit: too much at once. */
  | "secondary-limit"
  /** No answer: network, DNS, TLS, time limit. */
  | "unreachable"
  /** 5xx, a query that timed out at GitHub. */
  | "server-error"
  /** An answer that is no JSON: a proxy's page. */
  | "not-json"
  /** A part of the answer is missing that is not known to be empty. */
  | "partial"
  /** What is to be changed is being worked on: later it goes. */
  | "busy"
  /** GitHub understood the request and refused it. */
  | "refused";

/** A request to GitHub that brought no usable answer. Never a result: the engine waits and looks again. */
export class GitHubError extends ObservationError {
  override readonly name = "GitHubError";
  readonly problem: GitHubProblem;
  /** HTTP status, or null when there was none. */
  readonly status: number | null;

  constructor(
    problem: GitHubProblem,
    message: string,
    options: ErrorOptions & {
      readonly status?: number | null;
      readonly retryAfterS?: number;
      readonly needs?: string;
      readonly lasting?: boolean;
    } = {},
  ) {
    super(message, options);
    this.problem = problem;
    this.status = options.status ?? null;
  }
}
