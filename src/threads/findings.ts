import { safeText } from "../base/redact.ts";
import { restList } from "../github/answer/rest-list.ts";
import type { GitHub } from "../github/client.ts";
import { numberAt, textAt } from "../github/read.ts";
import type { Reviewer } from "../reviewers/describe/reviewer.ts";
import { findingId, type Thread } from "./thread.ts";

/** A check run on the head of a pull request. */
export interface HeadCheck {
  readonly id: number;
  readonly name: string;
  /** Slug of its app. */
  readonly app: string | null;
  /** GitHub's status or conclusion in lower case: `neutral`. */
  readonly is: string;
  /** When it ended (ms). */
  readonly at: number | null;
  readonly url: string | null;
}

/** A check run whose annotations are what a reviewer found. */
export interface FindingCheck {
  readonly check: HeadCheck;
  readonly reviewer: Reviewer;
}

/** How a check ends that may have found something. */
const WITH_FINDINGS = ["neutral", "failure"];
const MAX_TEXT = 4_000;

/**
 * The checks on a head whose annotations are findings: those that a reviewer's own app made, by `Reviewer.findings`; of one name the latest.
 * A check of that name by anybody else is none, because findings of known reviewers become work. Pure.
 */
export function findingChecks(checks: readonly HeadCheck[], known: readonly Reviewer[]): readonly FindingCheck[] {
  const all = known.filter(({ findings }) => findings === "annotations");
  return all.flatMap((reviewer) => {
    const apps = (reviewer.apps ?? []).map((app) => app.toLowerCase());
    const own = checks.filter(({ app }) => app !== null && apps.includes(app.toLowerCase()));
    const latest = new Map(own.toSorted((a, b) => a.id - b.id).map((check) => [check.name, check]));
    return [...latest.values()].filter(({ is }) => WITH_FINDINGS.includes(is)).map((check) => ({ check, reviewer }));
  });
}

/**
 * Adds to review threads what checks found, each finding as an entry of its own, unless a thread of the same reviewer stands at its place:
 * then that is what is answered. One request for each check, and more for pages; none without checks.
 *
 * @throws {GitHubError} when the annotations cannot be read to the end.
 */
export async function withFindings(
  github: GitHub,
  repo: string,
  checks: readonly FindingCheck[],
  threads: readonly Thread[],
): Promise<readonly Thread[]> {
  const found = await Promise.all(
    checks.map(async (one) => {
      const path = `repos/${repo}/check-runs/${one.check.id}/annotations?per_page=100`;
      const annotations = await restList(github, path);
      return annotations.flatMap((node, index) => (isTold(node, one, threads) ? [] : [findingOf(node, index, one)]));
    }),
  );
  return [...threads, ...found.flat()];
}

function findingOf(node: unknown, index: number, { check, reviewer }: FindingCheck): Thread {
  const [author = reviewer.name] = namesOf(reviewer);
  const url = check.url ?? "";
  const at = check.at === null ? "" : new Date(check.at).toISOString();
  const said = [textAt(node, "title"), textAt(node, "message")].filter(Boolean).join("\n");
  return {
    id: findingId(check.id, index),
    path: safeText(textAt(node, "path") ?? "", 400),
    line: numberAt(node, "start_line"),
    side: "RIGHT",
    hunk: "",
    author,
    association: "NONE",
    level: safeText(textAt(node, "annotation_level") ?? "notice", 20),
    bot: true,
    trusted: true,
    outdated: false,
    resolved: false,
    replied: false,
    said_at: at || null,
    answered: false,
    comments: [{ author, at, text: safeText(said, MAX_TEXT), url }],
    url,
  };
}

/** Whether a thread of the reviewer stands at the place of a finding, open or resolved. */
function isTold(node: unknown, { reviewer }: FindingCheck, threads: readonly Thread[]): boolean {
  const names = namesOf(reviewer);
  const start = numberAt(node, "start_line") ?? 0;
  const end = numberAt(node, "end_line") ?? start;
  return threads.some(({ author, bot, path, line }) => {
    const isHere = path === textAt(node, "path") && line !== null && line >= start && line <= end;
    return bot && isHere && names.includes(author);
  });
}

/** Logins as GraphQL has them, which leaves out `[bot]`. */
function namesOf({ logins = [], apps = [] }: Reviewer): readonly string[] {
  return [...logins, ...apps].map((login) => login.replace(/\[bot\]$/, ""));
}
