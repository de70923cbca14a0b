import { oneLine } from "../../base/text.ts";
import { GitHubError, type GitHubProblem } from "../errors.ts";

/** What GitHub said when it refused something. */
export interface Refusal {
  readonly message: string;
  /** HTTP status, or null when there was none. */
  readonly status?: number | null;
  /** Lower-case names. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The page that GitHub points to. */
  readonly documentation?: string;
}

/** What p9 wanted when it was refused. */
export interface Wanted {
  /** `it`, `the checks of 3f2a91c`. */
  readonly what?: string;
  readonly verb?: "read" | "do";
  /** What grants it, when GitHub itself does not say. */
  readonly needs?: string;
}

/** One cause that GitHub's words tell, and who lifts it. Without `needs` it passes by itself. */
interface Cause {
  readonly when: RegExp;
  readonly problem: GitHubProblem;
  readonly needs?: (found: RegExpExecArray, said: Refusal) => string;
}

/**
 * The causes, the most telling first. Tried on the message and on the page that GitHub points to, because a status says next to nothing:
 * 403 is a missing right, single sign-on, an IP allow list, an archived repository, a run that goes on.
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

/** Which of the known causes GitHub's words tell; null when they tell none. */
export function causeOf(said: Refusal): { readonly problem: GitHubProblem; readonly needs: string | undefined } | null {
  const text = `${said.message} ${said.documentation ?? ""} ${said.headers?.["x-github-sso"] ? "SAML" : ""}`;
  for (const { when, problem, needs } of CAUSES) {
    const found = when.exec(text);
    if (found) return { problem, needs: needs?.(found, said) };
  }
  return null;
}

/**
 * The error that a refusal is: named by what GitHub said, with what somebody must do. What passes by itself needs nobody; a missing right
 * is the default, because that is what GitHub's bare 403 mostly means.
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

/** GitHub names the rights that a request needs: `actions=write; checks=read,pull_requests=read`. */
function permissionOf({ headers }: Refusal): string | null {
  const [first = ""] = (headers?.["x-accepted-github-permissions"] ?? "").split(";");
  const rights = [...first.matchAll(/(\w+)=(\w+)/g)].map(
    ([, name = "", right]) => `"${name.charAt(0).toUpperCase()}${name.slice(1).replaceAll("_", " ")}: ${right}"`,
  );
  return rights.length > 0 ? `a token with the permission ${rights.join(" and ")}` : null;
}
