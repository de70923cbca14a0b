import { oneLine } from "../../base/text.ts";
import { GitHubError, type GitHubProblem } from "../errors.ts";

/** GitHub's refusal of a request. */
export interface Refusal {
  readonly message: string;
  /** HTTP status, or null when there was none. */
  readonly status?: number | null;
  /** Lower-case names. */
  readonly headers?: Readonly<Record<string, string>>;
  /** URL of GitHub's documentation in the answer. */
  readonly documentation?: string;
}

/** The refused request, for the words of the error. */
export interface Wanted {
  /** `it`, `the checks of 3f2a91c`. */
  readonly what?: string;
  readonly verb?: "read" | "do";
  /** The right that grants it, when GitHub does not name one. */
  readonly needs?: string;
}

/** One cause, recognised by GitHub's message, and what removes it. A cause without `needs` passes by itself. */
interface Cause {
  readonly when: RegExp;
  readonly problem: GitHubProblem;
  readonly needs?: (found: RegExpExecArray, said: Refusal) => string;
}

/**
 * The causes, the most specific first, matched with the message and the URL of the documentation. The status is not enough: 403 may be
 * a missing right, single sign-on, an IP allow list, an archived repository or a run that goes on.
 */
const CAUSES: readonly Cause[] = [
  {
    when: /SAML|single sign-on/i,
    problem: "forbidden",
    needs: (_, { headers }) => {
      const url = /url=(\S+)/.exec(headers?.["x-github-sso"] ?? "")?.[1];
      const where = url ? `gh auth refresh, or ${oneLine(url, 200)}` : "gh auth refresh";
      return `the token to be authorized for the organization's single sign-on (${where})`;
    },
  },
  {
    when: /(?:the [`"']?([\w.-]+)[`"']? \w+ has )?an IP allow list/i,
    problem: "forbidden",
    needs: ([, owner]) => `an address that the IP allow list of ${owner ? `"${owner}"` : "the organization"} permits`,
  },
  {
    when: /required scopes?|one of the following scopes/i,
    problem: "forbidden",
    needs: (_, said) => {
      const names = scopesOf(said);
      return names.length > 0
        ? `a token with the scope ${names.map((name) => `"${name}"`).join(" or ")} (gh auth refresh --scopes ${names[0]})`
        : "a token with more scopes (gh auth refresh --scopes …)";
    },
  },
  {
    when: /forbids access via a (?:fine-grained )?personal access token/i,
    problem: "forbidden",
    needs: () => "a token of a kind that the organization allows",
  },
  {
    when: /\barchived\b/i,
    problem: "forbidden",
    needs: () => "the repository to be taken out of the archive by an admin",
  },
  {
    when: /Actions (?:is|are|has been|have been) disabled/i,
    problem: "forbidden",
    needs: () => "GitHub Actions to be enabled by an admin of the repository",
  },
  {
    when: /(?:repository|account).{0,40}(?:access blocked|suspended|disabled)|\bDMCA\b/i,
    problem: "forbidden",
    needs: () => "GitHub to lift the block: its owner must ask GitHub Support",
  },
  {
    when: /must have admin rights/i,
    problem: "forbidden",
    needs: () => "admin rights in the repository",
  },
  { when: /already (?:running|in progress)|still in progress/i, problem: "busy" },
  {
    when: /cannot be (?:re-?run|retried)|over a month ago|unable to (?:retry|re-?run)/i,
    problem: "refused",
  },
  { when: /No commit found for/i, problem: "not-found" },
];

function scopesOf({ message, headers }: Refusal): string[] {
  const [, listed = ""] = /following scopes?: \[([^\]]*)\]/i.exec(message) ?? [];
  const named = [...listed.matchAll(/[\w:]+/g)].map(([name]) => name);
  return named.length > 0 ? named : (headers?.["x-accepted-oauth-scopes"] ?? "").split(/,\s*/).filter(Boolean);
}

/** Finds the known cause of a refusal by GitHub's message; null when there is none. */
export function causeOf(said: Refusal): { readonly problem: GitHubProblem; readonly needs: string | undefined } | null {
  const text = `${said.message} ${said.documentation ?? ""} ${said.headers?.["x-github-sso"] ? "SAML" : ""}`;
  for (const { when, problem, needs } of CAUSES) {
    const found = when.exec(text);
    if (found) return { problem, needs: needs?.(found, said) };
  }
  return null;
}

/**
 * Makes an error from a refusal, with its cause and the right or step that it needs. The default is a missing right, the usual meaning
 * of GitHub's bare 403.
 */
export function refused(said: Refusal, { what = "it", verb = "read", needs }: Wanted = {}): GitHubError {
  const { status = null } = said;
  const message = oneLine(said.message, 200);
  const cause = causeOf(said);
  if (cause && !cause.needs) return new GitHubError(cause.problem, `GitHub says: ${message}`, { status });
  const right = permissionOf(said) ?? needs ?? `a token that may ${verb} this`;
  return new GitHubError("forbidden", `GitHub does not let this token ${verb} ${what}: ${message}`, {
    status,
    needs: cause?.needs ?? right,
    lasting: true,
  });
}

/** Reads the permissions that GitHub's header names: `actions=write; checks=read,pull_requests=read`. */
function permissionOf({ headers }: Refusal): string | null {
  const [first = ""] = (headers?.["x-accepted-github-permissions"] ?? "").split(";");
  const rights = [...first.matchAll(/(\w+)=(\w+)/g)].map(
    ([, name = "", right]) => `"${name.charAt(0).toUpperCase()}${name.slice(1).replaceAll("_", " ")}: ${right}"`,
  );
  return rights.length > 0 ? `a token with the permission ${rights.join(" and ")}` : null;
}
