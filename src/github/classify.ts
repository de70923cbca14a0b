import type { ExecResult } from "../base/exec-types.ts";
import { oneLine } from "../base/text.ts";
import { GitHubError } from "./errors.ts";

/** GitHub's answer to one request. */
export interface GhAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const LOGIN = "a GitHub login: gh auth login";
/** A page of a gateway may hide a limit without saying when it ends; GitHub asks to wait at least a minute then. */
const SECONDARY_DEFAULT_S = 60;

/** The error that `gh` itself ended with, when no answer of GitHub came through. */
export function gone(result: ExecResult): GitHubError {
  const said = oneLine(result.stderr || result.stdout, 200);
  if (result.notFound) {
    const options = { needs: "the GitHub CLI: https://cli.github.com", lasting: true };
    return new GitHubError("no-gh", 'Cannot ask GitHub: the program "gh" is not installed', options);
  }
  if (result.code === 4 || /gh auth login|GH_TOKEN environment variable/.test(result.stderr)) {
    const options = { needs: LOGIN };
    return new GitHubError("not-logged-in", "Cannot ask GitHub: gh is not logged in (gh auth login)", options);
  }
  if (result.timedOut) return new GitHubError("unreachable", "Cannot reach GitHub: no answer in time");
  return new GitHubError("unreachable", `Cannot reach GitHub: ${said || `gh ended with exit code ${result.code}`}`);
}

/** The error that an answer's status stands for; null for 2xx. `now` in ms. */
export function refusal(answer: GhAnswer, now: number): GitHubError | null {
  const { status } = answer;
  if (status >= 200 && status < 300) return null;
  const said = messageOf(answer.body);
  if (status === 401) {
    return new GitHubError("unauthorized", "GitHub refuses the login (401): run gh auth login", {
      status,
      needs: LOGIN,
    });
  }
  if (status === 403 || status === 429) return limitOrForbidden(answer, said, now);
  if (status === 404 || status === 410)
    return new GitHubError("not-found", `GitHub says: ${said || "Not Found"}`, { status });
  if (status >= 500) return new GitHubError("server-error", `GitHub has a problem of its own (${status})`, { status });
  return new GitHubError("refused", `GitHub refuses the request (${status}): ${said}`, { status });
}

function limitOrForbidden({ status, headers, body }: GhAnswer, said: string, now: number): GitHubError {
  if (/secondary rate limit|abuse detection/i.test(body) || (headers["retry-after"] && status === 429)) {
    const retryAfterS = positive(headers["retry-after"]) ?? SECONDARY_DEFAULT_S;
    const text = `GitHub's secondary rate limit: it asks to wait ${retryAfterS} s`;
    return new GitHubError("secondary-limit", text, { status, retryAfterS });
  }
  if (status === 429 || headers["x-ratelimit-remaining"] === "0" || /rate limit exceeded/i.test(body)) {
    return rateLimited(headers, now, status);
  }
  if (headers["retry-after"]) {
    const retryAfterS = positive(headers["retry-after"]) ?? SECONDARY_DEFAULT_S;
    return new GitHubError("secondary-limit", `GitHub asks to wait ${retryAfterS} s`, { status, retryAfterS });
  }
  return forbidden(said, headers["x-github-sso"], status);
}

/** GraphQL may tell of the secondary limit in a 200. */
export function hiddenLimit({ status, headers, body }: GhAnswer): GitHubError | null {
  if (!body.startsWith('{"') || body.length > 2000 || !/exceeded a secondary rate limit/i.test(body)) return null;
  const retryAfterS = positive(headers["retry-after"]) ?? SECONDARY_DEFAULT_S;
  return new GitHubError("secondary-limit", `GitHub's secondary rate limit: it asks to wait ${retryAfterS} s`, {
    status,
    retryAfterS,
  });
}

/** The primary limit is used up: wait for its reset. */
export function rateLimited(headers: GhAnswer["headers"], now: number, status: number): GitHubError {
  const reset = positive(headers["x-ratelimit-reset"]);
  const retryAfterS = reset === null ? SECONDARY_DEFAULT_S : Math.max(1, Math.ceil(reset - now / 1000));
  const until = new Date(now + retryAfterS * 1000).toISOString().slice(11, 16);
  return new GitHubError("rate-limit", `GitHub's rate limit is used up until ${until} UTC`, { status, retryAfterS });
}

/** The token lacks a right. `what` names it when the answer's place tells. */
export function forbidden(said: string, sso?: string, status: number | null = 403, what?: string): GitHubError {
  const needs = sso
    ? "the token to be authorized for the organization's single sign-on (gh auth refresh)"
    : (what ?? "a token that may read this repository");
  return new GitHubError("forbidden", `GitHub does not let this token read it: ${said}`, {
    status,
    needs,
    lasting: true,
  });
}

function messageOf(body: string): string {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === "object" && value !== null && "message" in value) return oneLine(String(value.message), 200);
  } catch {
    // A page in HTML: its text is of no use to anybody.
  }
  return "";
}

function positive(text: string | undefined): number | null {
  const value = Number(text);
  return text !== undefined && text !== "" && Number.isFinite(value) && value > 0 ? value : null;
}
