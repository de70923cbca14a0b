import type { MergeVerdict } from "../verdict.ts";
import type { Unmet } from "./unmet.ts";

/**
 * What a pull request waits for that reviews alone do not give. `people`: nothing but what a person can lift, the first of it. `checks`:
 * checks that run on. `nothing`: it is not blocked, or the author has work.
 */
export type Demanded =
  | { readonly by: "people"; readonly unmet: Unmet }
  | { readonly by: "checks" }
  | { readonly by: "nothing" };

/** Conditions that only people can meet who are not the author. */
const OF_PEOPLE: readonly string[] = ["review_required", "required_deployments", "merge_state"];
/** Conditions that p9 asks for beside GitHub, or that GitHub's merge state does not show. */
const BESIDE: readonly string[] = ["reviewed"];

/** Reads from a verdict whose move it is. Pure. */
export function demandedBy({ state, unmet }: MergeVerdict): Demanded {
  const counting = unmet.filter(({ condition }) => !BESIDE.includes(condition));
  if (counting.some(({ who }) => who === "CI: wait")) return { by: "checks" };
  const [first] = counting;
  const isForPeople = first !== undefined && counting.every(({ condition }) => OF_PEOPLE.includes(condition));
  return state === "BLOCKED" && isForPeople ? { by: "people", unmet: first } : { by: "nothing" };
}
