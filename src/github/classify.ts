import type { ExecResult } from "../base/exec-types.ts";
import { localTime } from "../base/local-time.ts";
import { oneLine } from "../base/text.ts";
import { causeOf, type Refusal, refused, type Wanted } from "./answer/refusal.ts";
import { GitHubError } from "./errors.ts";
import { textAt } from "./read.ts";
import { isGitHubs } from "./time/server-clock.ts";

/** GitHub's answer to one request. */
export interface GhAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const LOGIN = "a GitHub login: gh auth login";
/** Seconds to wait at most. GitHub's windows are an hour; a longer time comes from a wrong clock or another server. */
const MOST_S = 3600;
/** Seconds to wait when the answer does not say: GitHub asks for at least a minute. */
const SECONDARY_DEFAULT_S = 60;

/** Makes an error from a run of `gh` that brought no HTTP answer. */
export function noAnswer(result: ExecResult): GitHubError {
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

/** Makes an error from an answer's status; null for 2xx. `now` in ms; `verb`: whether the request read or changed something. */
export function refusal(answer: GhAnswer, now: number, verb: Wanted["verb"] = "read"): GitHubError | null {
  const { status } = answer;
  if (status >= 200 && status < 300) return null;
  const foreign = status < 500 ? pageOfAnother(answer) : null;
  if (foreign) return foreign;
  const told = refusalOf(answer);
  const said = told.message;
  if (status === 401) {
    return new GitHubError("unauthorized", "GitHub refuses the login (401): run gh auth login", {
      status,
      needs: LOGIN,
    });
  }
  if (status === 403 || status === 429) return limit(answer, now) ?? refused(told, { verb });
  if (status >= 500) return new GitHubError("server-error", `GitHub has a problem of its own (${status})`, { status });
  if (causeOf(told)) return refused(told, { verb });
  if (status === 404 || status === 410)
    return new GitHubError("not-found", `GitHub says: ${said || "Not Found"}`, { status });
  return new GitHubError("refused", `GitHub refuses the request (${status}): ${said}`, { status });
}

/** Makes an error from an answer about a rate limit; null when it is about none. */
function limit({ status, headers, body }: GhAnswer, now: number): GitHubError | null {
  if (/secondary rate limit|abuse detection/i.test(body) || (headers["retry-after"] && status === 429)) {
    const retryAfterS = askedToWait(headers);
    const text = `GitHub's secondary rate limit: it asks to wait ${retryAfterS} s`;
    return new GitHubError("secondary-limit", text, { status, retryAfterS });
  }
  if (status === 429 || headers["x-ratelimit-remaining"] === "0" || /rate limit exceeded/i.test(body)) {
    return rateLimited(headers, now, status);
  }
  if (headers["retry-after"]) {
    const retryAfterS = askedToWait(headers);
    return new GitHubError("secondary-limit", `GitHub asks to wait ${retryAfterS} s`, { status, retryAfterS });
  }
  return null;
}

/** Finds the secondary limit in a 200, where GraphQL may report it. */
export function hiddenLimit({ status, headers, body }: GhAnswer): GitHubError | null {
  if (!body.startsWith('{"') || body.length > 2000 || !/exceeded a secondary rate limit/i.test(body)) return null;
  const retryAfterS = askedToWait(headers);
  return new GitHubError("secondary-limit", `GitHub's secondary rate limit: it asks to wait ${retryAfterS} s`, {
    status,
    retryAfterS,
  });
}

/** The error for a used-up primary limit, with the seconds to its reset. */
export function rateLimited(headers: GhAnswer["headers"], now: number, status: number): GitHubError {
  const reset = positive(headers["x-ratelimit-reset"]);
  const leftS = reset === null ? SECONDARY_DEFAULT_S : Math.ceil(reset - now / 1000);
  const retryAfterS = Math.min(Math.max(1, leftS), MOST_S);
  const until = localTime(now + retryAfterS * 1000, now);
  return new GitHubError("rate-limit", `GitHub's rate limit is used up until ${until}`, { status, retryAfterS });
}

/** The error when a proxy's or a portal's page came instead of GitHub's answer; else null. */
function pageOfAnother({ status, headers, body }: GhAnswer): GitHubError | null {
  if (isGitHubs(headers) || status === 429 || /^\s*[{[]/.test(body)) return null;
  return new GitHubError("not-json", `Something between here and GitHub answers in its place (${status})`, { status });
}

/** Seconds that an answer asks to wait. */
function askedToWait(headers: GhAnswer["headers"]): number {
  return Math.min(positive(headers["retry-after"]) ?? SECONDARY_DEFAULT_S, MOST_S);
}

/** Reads the message and the documentation URL of an answer's body. */
function refusalOf({ status, headers, body }: GhAnswer): Refusal {
  try {
    const value: unknown = JSON.parse(body);
    const documentation = textAt(value, "documentation_url") ?? undefined;
    return { message: oneLine(textAt(value, "message") ?? "", 200), status, headers, documentation };
  } catch {
    // Not JSON: a page in HTML, whose text is useless here.
    return { message: "", status, headers };
  }
}

function positive(text: string | undefined): number | null {
  const value = Number(text);
  return text !== undefined && text !== "" && Number.isFinite(value) && value > 0 ? value : null;
}
