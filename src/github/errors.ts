import { ObservationError } from "../core/observation.ts";

/** Why a request brought no usable answer. */
export type GitHubProblem =
  /** `gh` is not installed. */
  | "no-gh"
  /** `gh` has no login. */
  | "not-logged-in"
  /** 401: the login is not or no longer valid. */
  | "unauthorized"
  /** The token lacks a right. */
  | "forbidden"
  /** gh has no login for the repository's host; nothing was sent. */
  | "unknown-host"
  | "repo-not-found"
  | "not-found"
  /** The primary rate limit, or p9's share of it, is used up. */
  | "rate-limit"
  /** GitHub's secondary rate limit: too many requests at once. */
  | "secondary-limit"
  /** No answer: network, DNS, TLS, time limit. */
  | "unreachable"
  /** 5xx, a query that timed out at GitHub. */
  | "server-error"
  /** The answer is not JSON: a proxy's page. */
  | "not-json"
  /** A part of the answer is missing, which may not be empty. */
  | "partial"
  /** The object to change is in use; a later request may succeed. */
  | "busy"
  /** The server is too old for a GraphQL field. */
  | "unknown-field"
  /** GitHub understood the request and refused it. */
  | "refused";

/** A request to GitHub brought no usable answer. It is never a verdict: the engine waits and looks again. */
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
