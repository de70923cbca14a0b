import type { MergeFacts, Nothing } from "../facts.ts";
import { isGreenHere, type Standing, watchedHere } from "../standing.ts";
import { name, quoted, type Unmet, unmet } from "./unmet.ts";

/**
 * The condition when nothing is required and nothing reported on the head, of which GitHub says CLEAN: checks may still come, or
 * never will. Met when the repository has no CI, when the policy takes no checks for success, and when p9 watched the head to GREEN.
 */
export function nothingReported(facts: MergeFacts, standing: Standing): Unmet[] {
  const { nothing } = facts;
  if (nothing === null || isGreenHere(facts, standing)) return [];
  const { noRuns, elsewhere } = nothing;
  if (noRuns.is === "none" && elsewhere.length === 0) return [];
  const final = noRuns.is === "skipped" || noRuns.is === "disabled" || noRuns.is === "filtered";
  if (final && standing.noChecks === "green") return [];
  const [detail, who] = final
    ? neverComes(facts, noRuns)
    : mayCome(facts, nothing, watchedHere(facts, standing)?.extra.outcome);
  return [unmet("checks", detail, who)];
}

/** The condition while checks that reported elsewhere may still come to a head whose own checks all passed. */
export function stillAbsent(facts: MergeFacts, standing: Standing): Unmet[] {
  const { absent, head, base } = facts;
  if (absent === null || absent.ageS >= standing.appearS || isGreenHere(facts, standing)) return [];
  const detail = `${quoted(absent.names)} reported on an earlier commit or on ${name(base)}, and not on ${head.slice(0, 7)} yet`;
  return [unmet("checks", detail, "CI: wait")];
}

const ALLOW = "take no checks for success with ci_watch.no_checks: green";

function neverComes({ head, pr }: MergeFacts, noRuns: Nothing["noRuns"]): [detail: string, who: string] {
  const commit = head.slice(0, 7);
  if (noRuns.is === "skipped") {
    const detail = `No check reports on ${commit}: its message says "${name(noRuns.words)}", so GitHub starts no workflow`;
    return [detail, "the author: push a commit without that"];
  }
  if (noRuns.is === "disabled") {
    return [`No check reports on ${commit}: ${name(noRuns.what)} is disabled in the repository`, "an admin: enable it"];
  }
  const detail = `No check reports on ${commit}: no workflow starts for what #${pr} changes, by their filters of paths or branches`;
  return [detail, `whoever maintains the workflows: extend them, or ${ALLOW}`];
}

function mayCome(
  { head, pr, base }: MergeFacts,
  { elsewhere }: Nothing,
  outcome: string | undefined,
): [detail: string, who: string] {
  const because =
    elsewhere.length > 0
      ? `${quoted(elsewhere)} reported on an earlier commit or on ${name(base)}`
      : "its workflows may start for it";
  if (outcome === "no_checks" || outcome === "not_started") {
    const detail = `No check reported on ${head.slice(0, 7)}, although ${because}`;
    return [detail, `whoever maintains the workflows: look, or ${ALLOW}`];
  }
  return [
    `No check has reported on ${head.slice(0, 7)} yet, and ${because}`,
    `CI: wait; p9 watch ${pr} says when none will come`,
  ];
}
