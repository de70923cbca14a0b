import { pathName } from "../../base/text.ts";
import type { MergeFacts, OpenThread, RequiredState } from "../facts.ts";
import { isGoodState } from "../merge-state.ts";
import { isEjection } from "../queue-removal.ts";
import { NO_STANDING, type Standing } from "../standing.ts";
import { CHECK_STATES, checkConditions } from "./checks.ts";
import { nothingReported, stillAbsent } from "./nothing.ts";
import { reviewed } from "./reviewed.ts";
import { list, name, quoted, type Unmet, unmet, word } from "./unmet.ts";
import { whoReviews } from "./who-reviews.ts";

/** Lists every unmet condition, the most important first; empty means ready. Of a pull request that is not open, only that counts. */
export function conditions(facts: MergeFacts, standing: Standing = NO_STANDING): Unmet[] {
  if (facts.state !== "OPEN") return [notOpen(facts)];
  const found = [
    ...archived(facts),
    ...drafts(facts),
    ...conflicts(facts),
    ...checkConditions(facts),
    ...nothingReported(facts, standing),
    ...stillAbsent(facts, standing),
    ...requiredWorkflows(facts),
    ...requiredDeployments(facts),
    ...requiredResults(facts),
    ...reviews(facts),
    ...threads(facts),
    ...queue(facts),
  ];
  // What p9 asks for beside GitHub explains nothing of GitHub's merge state.
  const explained = mergeState(facts, found);
  return [...found, ...explained, ...reviewed(standing.reviews)];
}

function notOpen({ state }: MergeFacts): Unmet {
  if (state === "MERGED") return unmet("open", "It is merged already", "nobody");
  return unmet("open", `It is ${word(state)}`, "the author: reopen it");
}

function archived({ archived }: MergeFacts): Unmet[] {
  if (!archived) return [];
  return [unmet("archived", "The repository is archived, and nothing can be merged there", "an admin: unarchive it")];
}

function drafts({ draft, mergeState }: MergeFacts): Unmet[] {
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

/** Lists unmet workflows of rulesets. GitHub shows their jobs as checks, but not that they are required. */
function requiredWorkflows({ workflows, rules }: MergeFacts): Unmet[] {
  if (workflows === null) {
    const files = quoted(rules.workflows);
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
  cancelled: "was cancelled",
  pending: "is not finished",
  missing: "was not made",
  blocked: "waits for an approval",
  unknown: "is in a state that p9 does not know",
};

function requiredDeployments({ deployments, rules }: MergeFacts): Unmet[] {
  if (deployments === null) {
    const names = quoted(rules.deployments);
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
  cancelled: ["was cancelled", "the author: run it again"],
  pending: ["is not finished", "CI: wait"],
  missing: ["has no results of this commit", "whoever runs it: start it, or an admin: set it up"],
  blocked: ["waits for an approval", "a maintainer: approve the run"],
  unknown: ["reports a state that p9 does not know", "you: look at it"],
};

function requiredResults({ scanning, rules }: MergeFacts): Unmet[] {
  if (scanning === null) {
    const tools = quoted(rules.scanning.map(({ tool }) => tool));
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

function reviews(facts: MergeFacts): Unmet[] {
  const { opinions, reviewDecision, mergeState, awaited } = facts;
  if (opinions === null) return [unmet("reviews", "The reviews could not be read to their end", "you: see p9 doctor")];
  const asking = opinions
    .filter((opinion) => opinion.state === "CHANGES_REQUESTED")
    .map((opinion) => name(opinion.author));
  if (asking.length > 0) {
    const who = list(asking);
    // A review ends the request for it: who is asked and requests changes was asked since.
    if (asking.every((one) => awaited.some((asked) => name(asked).toLowerCase() === one.toLowerCase())))
      return [
        unmet(
          "changes_requested",
          `Changes are requested by ${who}, asked to review again since`,
          `${who}: review again`,
        ),
      ];
    return [
      unmet("changes_requested", `Changes are requested by ${who}`, `the author: answer; then ${who}: review again`),
    ];
  }
  if (reviewDecision === "CHANGES_REQUESTED") {
    return [unmet("changes_requested", "Changes are requested", "the author: answer; then the reviewer: review again")];
  }
  if (reviewDecision === "REVIEW_REQUIRED" && !isGoodState(mergeState)) {
    return [unmet("review_required", "A required review is missing", whoReviews(facts))];
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
  return `${pathName(path, 60)}${line === null ? "" : `:${line}`} (${name(author)})`;
}

function queue({ queue, removal }: MergeFacts): Unmet[] {
  if (queue?.state === "UNMERGEABLE") {
    return [unmet("merge_queue", "The merge queue cannot merge it", "the author: fix it and queue it again")];
  }
  if (removal === null || !isEjection(removal)) return [];
  const failed = removal.failed.length > 0 ? `: ${quoted(removal.failed.map((check) => check.name))} failed` : "";
  const detail = `The merge queue took it out (${word(removal.reason)})${failed}${failed ? " on its merge group" : ""}`;
  const who = "the author: fix that, then queue it again; its checks run anew in the queue";
  return [unmet("merge_queue", detail, who)];
}

/** The condition in GitHub's merge state that no other unmet condition explains. */
function mergeState(
  { mergeState: state, base, shadowed, required, rules }: MergeFacts,
  found: readonly Unmet[],
): Unmet[] {
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
  if (shadowed.length > 0 && required && required.length > 0) {
    const detail = `GitHub still counts an older run of the required check ${quoted(shadowed)}, which a newer one replaced`;
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
