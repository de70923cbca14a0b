import { oneLine } from "../base/text.ts";
import type { MergeFacts, OpenThread, RequiredCheck, RequiredState } from "./facts.ts";
import { isGoodState } from "./merge-state.ts";

/** A condition that is not met, and who must act. */
export interface Unmet {
  readonly condition: string;
  /** A sentence for people; names from outside are clipped and made safe. */
  readonly detail: string;
  readonly who: string;
}

/** Lists every unmet condition, the most important first; empty means ready. */
export function conditions(facts: MergeFacts): Unmet[] {
  const found = [
    ...openness(facts),
    ...conflicts(facts),
    ...requiredChecks(facts),
    ...requiredWorkflows(facts),
    ...requiredDeployments(facts),
    ...requiredResults(facts),
    ...reviews(facts),
    ...threads(facts),
    ...queue(facts),
  ];
  return [...found, ...mergeState(facts, found)];
}

function openness({ state, draft, mergeState }: MergeFacts): Unmet[] {
  if (state === "MERGED") return [unmet("open", "It is merged already", "nobody")];
  if (state !== "OPEN") return [unmet("open", `It is ${word(state)}`, "the author: reopen it")];
  return draft || mergeState === "DRAFT"
    ? [unmet("draft", "It is a draft", "the author: mark it ready for review")]
    : [];
}

function conflicts({ mergeable, mergeState, base }: MergeFacts): Unmet[] {
  if (mergeable === "CONFLICTING" || mergeState === "DIRTY") {
    return [unmet("conflicts", `It conflicts with ${name(base)}`, "the author: merge or rebase, and push")];
  }
  if (mergeable === "MERGEABLE") return [];
  return [
    unmet("mergeable", `Whether it conflicts is not known (${word(mergeable)})`, "GitHub: ask again in some seconds"),
  ];
}

const CHECK_STATES: Readonly<Record<Exclude<RequiredState, "passed">, readonly [text: string, who: string]>> = {
  failed: ["failed", "the author: p9 heal, or push a fix"],
  pending: ["is not finished", "CI: wait"],
  missing: ["never reported on this commit", "whoever runs it: start it, or an admin: drop the requirement"],
  blocked: ["waits for an approval", "a maintainer: approve the run"],
  unknown: ["reports a state that p9 does not know", "you: look at it"],
};

function requiredChecks({ required, mergeState }: MergeFacts): Unmet[] {
  if (required === null) return [unmet("required_checks", "The checks could not be read", "you: see p9 doctor")];
  if (required.length === 0 && mergeState === "UNSTABLE") {
    return [
      unmet(
        "required_checks",
        "A check did not pass, and none is known to be required: nothing says that it may be ignored",
        "the author: fix it, or an admin: require the checks that count",
      ),
    ];
  }
  return required.flatMap((check) => requiredCheck(check, isGoodState(mergeState)));
}

function requiredCheck({ name: check, state, detail }: RequiredCheck, isMergeable: boolean): Unmet[] {
  if (state === "passed") return [];
  if (state === "missing" && isMergeable) {
    const detail = `Required check "${name(check)}" never reported on this commit, although GitHub says that it can be merged`;
    return [unmet("required_checks", detail, "an admin: compare the rule's name and app with the check's")];
  }
  const [text, who] = CHECK_STATES[state];
  return [
    unmet("required_checks", `Required check "${name(check)}" ${text}${detail ? ` (${said(detail)})` : ""}`, who),
  ];
}

/** Lists unmet workflows of rulesets. GitHub shows their jobs as checks, but not that they are required. */
function requiredWorkflows({ workflows, rules }: MergeFacts): Unmet[] {
  if (workflows === null) {
    const files = list(rules.workflows.map((file) => `"${name(file)}"`));
    return [
      unmet(
        "required_workflows",
        `Whether the required workflow ${files} passed cannot be read`,
        "you: a token with Actions: read",
      ),
    ];
  }
  return workflows.flatMap(({ name: file, state }) => {
    if (state === "passed") return [];
    const [text, who] = CHECK_STATES[state];
    return [unmet("required_workflows", `Required workflow "${name(file)}" ${text}`, who)];
  });
}

const DEPLOYMENT_STATES: Readonly<Record<Exclude<RequiredState, "passed">, string>> = {
  failed: "failed",
  pending: "is not finished",
  missing: "was not made",
  blocked: "waits for an approval",
  unknown: "is in a state that p9 does not know",
};

function requiredDeployments({ deployments, rules }: MergeFacts): Unmet[] {
  if (deployments === null) {
    const names = list(rules.deployments.map((environment) => `"${name(environment)}"`));
    return [
      unmet(
        "required_deployments",
        `Whether it was deployed to ${names} cannot be read`,
        "you: a token with Deployments: read",
      ),
    ];
  }
  return deployments.flatMap(({ name: environment, state }) =>
    state === "passed"
      ? []
      : [
          unmet(
            "required_deployments",
            `It must be deployed to "${name(environment)}" first, and the deployment ${DEPLOYMENT_STATES[state]}`,
            "whoever deploys it",
          ),
        ],
  );
}

const RESULT_STATES: Readonly<Record<Exclude<RequiredState, "passed">, readonly [text: string, who: string]>> = {
  failed: ["has alerts that this change brings", "the author: fix them, or a maintainer: dismiss them"],
  pending: ["is not finished", "CI: wait"],
  missing: ["has no results of this commit", "whoever runs it: start it, or an admin: set it up"],
  blocked: ["waits for an approval", "a maintainer: approve the run"],
  unknown: ["reports a state that p9 does not know", "you: look at it"],
};

function requiredResults({ scanning, rules }: MergeFacts): Unmet[] {
  if (scanning === null) {
    const tools = list(rules.scanning.map(({ tool }) => `"${name(tool)}"`));
    return [
      unmet(
        "code_scanning",
        `Whether code scanning by ${tools} is clean cannot be read`,
        "you: a token with Code scanning alerts: read",
      ),
    ];
  }
  return scanning.flatMap(({ name: tool, state }) => {
    if (state === "passed") return [];
    const [text, who] = RESULT_STATES[state];
    return [unmet("code_scanning", `Code scanning by "${name(tool)}" ${text}`, who)];
  });
}

function reviews({ opinions, reviewDecision, awaited, mergeState }: MergeFacts): Unmet[] {
  if (opinions === null) return [unmet("reviews", "The reviews could not be read to their end", "you: see p9 doctor")];
  const asking = opinions
    .filter((opinion) => opinion.state === "CHANGES_REQUESTED")
    .map((opinion) => name(opinion.author));
  if (asking.length > 0) {
    const who = list(asking);
    return [
      unmet("changes_requested", `Changes are requested by ${who}`, `the author: answer; then ${who}: review again`),
    ];
  }
  if (reviewDecision === "CHANGES_REQUESTED") {
    return [unmet("changes_requested", "Changes are requested", "the author: answer; then the reviewer: review again")];
  }
  if (reviewDecision === "REVIEW_REQUIRED" && !isGoodState(mergeState)) {
    const who = awaited.length > 0 ? list(awaited.map(name)) : "a reviewer with write access";
    return [unmet("review_required", "A required review is missing", `${who}: review`)];
  }
  return reviewDecision === null || ["APPROVED", "REVIEW_REQUIRED"].includes(reviewDecision)
    ? []
    : [unmet("reviews", `The review decision "${word(reviewDecision)}" is not known to p9`, "you: look at it")];
}

function threads({ threads }: MergeFacts): Unmet[] {
  if (threads === null) {
    return [unmet("threads", "The review threads could not be read to their end", "you: see p9 doctor")];
  }
  const { open } = threads;
  if (open.length === 0) return [];
  const count = `${open.length} review thread${open.length === 1 ? " is" : "s are"} not resolved`;
  const where = open.slice(0, 3).map(place).join(", ");
  return [unmet("threads", `${count}: ${where}${open.length > 3 ? ", …" : ""}`, "the author: answer and resolve")];
}

function place({ path, line, author }: OpenThread): string {
  return `${oneLine(path, 60)}${line === null ? "" : `:${line}`} (${name(author)})`;
}

function queue({ queue }: MergeFacts): Unmet[] {
  return queue?.state === "UNMERGEABLE"
    ? [unmet("merge_queue", "The merge queue cannot merge it", "the author: fix it and queue it again")]
    : [];
}

/** The condition in GitHub's merge state that no other unmet condition explains. */
function mergeState({ mergeState: state, base, shadowed, rules }: MergeFacts, found: readonly Unmet[]): Unmet[] {
  if (isGoodState(state) || state === "DIRTY" || state === "DRAFT") return [];
  if (state === "BEHIND") return [unmet("up_to_date", `It is behind ${name(base)}`, "the author: update the branch")];
  if (state === "UNKNOWN") {
    return [
      unmet(
        "merge_state",
        "GitHub has not worked out yet whether it can be merged",
        "GitHub: ask again in some seconds",
      ),
    ];
  }
  if (state !== "BLOCKED")
    return [unmet("merge_state", `The merge state "${word(state)}" is not known to p9`, "you: look at it")];
  if (found.length > 0) return [];
  if (shadowed.length > 0) {
    const names = list(shadowed.map((check) => `"${name(check)}"`));
    const detail = `GitHub still counts an older run of the required check ${names}, which a newer one replaced`;
    return [unmet("merge_state", detail, "the author: re-run the older run, or push again")];
  }
  if (rules.more.length > 0) {
    const detail = `GitHub blocks the merge. What the rules of ${name(base)} demand and no answer shows: ${list(rules.more)}`;
    return [unmet("merge_state", detail, "the author, or an admin of the repository")];
  }
  const detail =
    "GitHub blocks the merge and nothing that can be read says why: a rule on deployments, signatures, code owners or the last pusher";
  return [unmet("merge_state", detail, "an admin of the repository, or a code owner")];
}

function unmet(condition: string, detail: string, who: string): Unmet {
  return { condition, detail, who };
}

function name(text: string): string {
  return oneLine(text, 80) || "?";
}

/** Makes plain words of a constant of GitHub's; keeps a sentence as it is. */
function said(text: string): string {
  return /^[A-Z_]+$/.test(text) ? word(text) : oneLine(text, 160);
}

function word(text: string): string {
  return oneLine(text, 40).toLowerCase().replaceAll("_", " ") || "?";
}

function list(names: readonly string[]): string {
  return names.length > 3 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(", ");
}
