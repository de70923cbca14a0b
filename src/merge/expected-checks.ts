import { orWithheld, restList } from "../github/answer/rest-list.ts";
import { joinRules, NO_OTHER_RULES, rulesOfRest } from "../github/branch-rules.ts";
import type { GitHub } from "../github/client.ts";
import type { BranchRules, Check, OtherRules, RequiredCheck } from "../github/pull-request.ts";
import { at, isTrueAt, listAt } from "../github/read.ts";

/** Rules of the base branch, from every source that this login can read. */
export interface KnownRules {
  readonly required: readonly RequiredCheck[];
  /** Rules beside status checks. */
  readonly others: OtherRules;
  /** False: some rules could not be read, so more checks than `required` may be demanded. */
  readonly complete: boolean;
}

/**
 * Completes the rules that GraphQL showed with those that only REST shows. Everybody who can read the repository can read
 * rulesets. Only admins can read classic protection, but the branch itself shows whether it is protected and often by which
 * checks.
 *
 * @throws {GitHubError} for any refusal but `forbidden` and `not-found`: the rules are then not known yet.
 */
export async function completeRules(
  github: GitHub,
  repo: string,
  base: string,
  rules: BranchRules,
): Promise<KnownRules> {
  const branch = encodeURIComponent(base);
  const rulesets = rules.rulesets ? NO_RULES : await readRulesets(github, repo, branch);
  const known = [...rules.required, ...(rulesets?.required ?? [])];
  const classic = rules.protection ? [] : await readProtection(github, repo, branch, known.length > 0);
  return {
    required: withNames(known, classic ?? []),
    others: joinRules(rules.others, rulesets?.others ?? NO_OTHER_RULES),
    complete: rulesets !== null && classic !== null,
  };
}

const NO_RULES = { required: [], others: NO_OTHER_RULES };

async function readRulesets(github: GitHub, repo: string, branch: string) {
  const rules = await orWithheld(restList(github, `repos/${repo}/rules/branches/${branch}?per_page=100`));
  return rules && rulesOfRest(rules);
}

/** Reads the names that classic protection demands; null when unknown. `protected` is true for rulesets too, so it says nothing when a rule is known. */
async function readProtection(
  github: GitHub,
  repo: string,
  branch: string,
  otherRules: boolean,
): Promise<string[] | null> {
  const answer = await orWithheld(github.rest<unknown>(`repos/${repo}/branches/${branch}`));
  if (answer === null) return null;
  const names = listAt(answer, "protection", "required_status_checks", "contexts");
  if (names.length > 0) return names.map(String);
  const told = at(answer, "protection", "required_status_checks") !== null;
  return !isTrueAt(answer, "protected") || told || otherRules ? [] : null;
}

/**
 * Adds names from a source that shows no apps, unless a rule has the name already: the source may mean the same rule. Leaves out
 * duplicates and empty names.
 */
function withNames(required: readonly RequiredCheck[], names: readonly string[]): RequiredCheck[] {
  const added = names.filter((name) => !required.some((rule) => rule.name === name));
  const all = [...required, ...added.map((name) => ({ name, appId: null }))];
  const byKey = new Map(all.map((rule) => [`${rule.name}\n${rule.appId ?? ""}`, rule]));
  return [...byKey.values()].filter(({ name }) => name !== "");
}

/** The checks of a commit, sorted by their role in the verdict. */
export interface Expected {
  /** Whether any required check is known: then only those decide. */
  readonly requiredKnown: boolean;
  /** The checks that decide: the required ones, or all when none is known. */
  readonly deciding: readonly Check[];
  readonly optional: readonly Check[];
  /** Required checks that never reported (or of which GitHub only shows a placeholder). */
  readonly missing: readonly RequiredCheck[];
}

/**
 * Sorts checks (already without replaced ones) by the rules of the base and GitHub's own `isRequired`. `mergeable`: GitHub says that the
 * commit can be merged, so a report that may meet a rule does.
 */
export function expectedChecks(
  checks: readonly Check[],
  rules: Pick<KnownRules, "required">,
  { mergeable = false }: { readonly mergeable?: boolean } = {},
): Expected {
  // GitHub shows a required status that was never set as EXPECTED: a placeholder, not a report.
  const reported = checks.filter((check) => check.raw !== "EXPECTED");
  const placeholders = checks.filter((check) => check.raw === "EXPECTED");
  const required = withNames(
    rules.required,
    placeholders.map(({ name }) => name),
  );
  const isRequired = (check: Check) => check.required === true || required.some((rule) => meets(check, rule));
  const requiredKnown = required.length > 0 || checks.some((check) => check.required === true);
  return {
    requiredKnown,
    deciding: requiredKnown ? reported.filter(isRequired) : reported,
    optional: requiredKnown ? reported.filter((check) => !isRequired(check)) : [],
    missing: unmet(required, reported, mergeable),
  };
}

/**
 * Finds the rules that no report meets. A status does not show its app: when rules pin one name to several apps, it counts for one
 * of them. It counts for none when another rule takes that name from any app, because `isRequired` may be about that rule, unless
 * GitHub says that the commit can be merged.
 */
function unmet(required: readonly RequiredCheck[], reported: readonly Check[], mergeable: boolean): RequiredCheck[] {
  const open = mergeable ? [] : required.filter(({ appId }) => appId === null);
  const given = new Set(reported.filter((check) => check.kind === "status" && open.some((rule) => meets(check, rule))));
  return required.filter((rule) => {
    const own = reported.filter((check) => meets(check, rule));
    if (rule.appId === null || own.some(({ kind }) => kind === "check")) return own.length === 0;
    const free = own.find((check) => !given.has(check));
    if (free) given.add(free);
    return free === undefined;
  });
}

/**
 * Whether a report meets a rule, compared as GitHub does: contexts of commit statuses without regard to case, names of check runs
 * exactly, and only from the app that the rule pins. `isRequired` decides if GitHub gave it, because it knows the app of a status.
 */
function meets(check: Check, rule: RequiredCheck): boolean {
  if (check.kind === "suite" || check.required === false) return false;
  const isStatus = check.kind === "status";
  const same = isStatus ? check.name.toLowerCase() === rule.name.toLowerCase() : check.name === rule.name;
  return same && (rule.appId === null || isStatus || check.appId === rule.appId);
}
