import type { GitHub } from "../github/client.ts";
import { GitHubError } from "../github/errors.ts";
import type { BranchRules, Check, RequiredCheck } from "../github/pull-request.ts";
import { at, isTrueAt, listAt, numberAt, textAt } from "../github/read.ts";

/** What the base branch demands, from every source that this login can read. */
export interface KnownRules {
  readonly required: readonly RequiredCheck[];
  /** False: some rules could not be read, so there may be more than `required`. Never read it as "none". */
  readonly complete: boolean;
}

/**
 * Completes what GraphQL showed of a branch's rules with what only REST shows. Rulesets are readable to everybody who can
 * read the repository; classic protection only to admins, but the branch itself tells whether it is protected and often by
 * which checks.
 *
 * @throws {GitHubError} for anything but "not for you" and "not there": the answer is then not known yet.
 */
export async function completeRules(
  github: GitHub,
  repo: string,
  base: string,
  rules: BranchRules,
): Promise<KnownRules> {
  const branch = encodeURIComponent(base);
  const rulesets = rules.rulesets ? [] : await readRulesets(github, repo, branch);
  const classic = rules.protection ? [] : await readProtection(github, repo, branch, rules.required.length > 0);
  return {
    required: unique([...rules.required, ...(rulesets ?? []), ...(classic ?? [])]),
    complete: rulesets !== null && classic !== null,
  };
}

async function readRulesets(github: GitHub, repo: string, branch: string): Promise<RequiredCheck[] | null> {
  const rules = await orUnreadable(github.rest<unknown>(`repos/${repo}/rules/branches/${branch}?per_page=100`));
  if (!Array.isArray(rules)) return null;
  const checks = rules.flatMap((rule: unknown) => listAt(rule, "parameters", "required_status_checks"));
  return checks.map((item) => ({ name: textAt(item, "context") ?? "", appId: numberAt(item, "integration_id") }));
}

/** `protected` is also true because of rulesets, so with some rule known it says nothing about classic protection. */
async function readProtection(
  github: GitHub,
  repo: string,
  branch: string,
  otherRules: boolean,
): Promise<RequiredCheck[] | null> {
  const answer = await orUnreadable(github.rest<unknown>(`repos/${repo}/branches/${branch}`));
  if (answer === null) return null;
  const names = listAt(answer, "protection", "required_status_checks", "contexts");
  if (names.length > 0) return names.map((name) => ({ name: String(name), appId: null }));
  const told = at(answer, "protection", "required_status_checks") !== null;
  return !isTrueAt(answer, "protected") || told || otherRules ? [] : null;
}

async function orUnreadable(request: Promise<unknown>): Promise<unknown> {
  try {
    return await request;
  } catch (error) {
    if (error instanceof GitHubError && (error.problem === "forbidden" || error.problem === "not-found")) return null;
    throw error;
  }
}

function unique(required: readonly RequiredCheck[]): RequiredCheck[] {
  const byKey = new Map(required.map((item) => [`${item.name}\n${item.appId ?? ""}`, item]));
  return [...byKey.values()].filter(
    (item) =>
      item.name !== "" &&
      (item.appId !== null || ![...byKey.values()].some((other) => other.name === item.name && other.appId !== null)),
  );
}

/** The checks of a commit, sorted by what they mean for the verdict. */
export interface Expected {
  /** Whether any required check is known: then only those decide. */
  readonly requiredKnown: boolean;
  /** The checks that decide: the required ones, or all when none is known. */
  readonly deciding: readonly Check[];
  readonly optional: readonly Check[];
  /** Required by a rule, and nothing reports under that name (or GitHub only shows a placeholder). */
  readonly missing: readonly RequiredCheck[];
}

/** Sorts checks (already without replaced ones) by the rules of the base and GitHub's own `isRequired`. */
export function expectedChecks(checks: readonly Check[], rules: KnownRules): Expected {
  // GitHub shows a status that a rule demands and nobody has set as EXPECTED: a placeholder, not a report.
  const reported = checks.filter((check) => check.raw !== "EXPECTED");
  const placeholders = checks.filter((check) => check.raw === "EXPECTED");
  const awaited: RequiredCheck[] = placeholders.map((check) => ({ name: check.name, appId: null }));
  const required = unique([...rules.required, ...awaited]);
  const isRequired = (check: Check) => check.required === true || required.some((rule) => meets(check, rule));
  const requiredKnown = required.length > 0 || checks.some((check) => check.required === true);
  return {
    requiredKnown,
    deciding: requiredKnown ? reported.filter(isRequired) : reported,
    optional: requiredKnown ? reported.filter((check) => !isRequired(check)) : [],
    missing: required.filter((rule) => !reported.some((check) => check.kind !== "suite" && meets(check, rule))),
  };
}

/** A status has no app that could be compared, so its name alone decides. */
function meets(check: Check, rule: RequiredCheck): boolean {
  return check.name === rule.name && (rule.appId === null || check.appId === null || rule.appId === check.appId);
}
