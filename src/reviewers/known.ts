import { isObject, type JsonObject } from "../base/json.ts";
import { defineReviewer } from "./describe/define.ts";
import { describedReviewer } from "./describe/entry.ts";
import type { Reviewer } from "./describe/reviewer.ts";

/** The built-in reviewers by name. */
export type ReviewerTable = Readonly<Record<string, () => Promise<Reviewer>>>;

/**
 * All reviewers: those of the policy, the built-in ones that it does not overrule, then `others`. An entry that has not the form of a
 * reviewer is left out: whoever loads the policy says what is wrong with it. A reviewer is data that sends nothing and runs nothing, so a
 * repository's needs no trust.
 */
export async function knownReviewers(
  table: ReviewerTable,
  config: JsonObject,
  others: readonly { readonly name: string }[] = [],
): Promise<readonly Reviewer[]> {
  const block = isObject(config.reviewers) ? config.reviewers : {};
  const builtIn = await Promise.all(Object.values(table).map((load) => load()));
  // Typed only; `usable` checks it.
  const known = [...builtIn, ...others.flatMap((one) => usable(one as Reviewer))];
  const entries = Object.entries(block).flatMap(([name, entry]) => {
    const under = known.find((one) => one.name === name) ?? null;
    return isObject(entry) ? usable(describedReviewer(name, entry as JsonObject, under)) : [];
  });
  const overruled = new Set(entries.map(({ name }) => name));
  return [...entries, ...known.filter(({ name }) => !overruled.has(name))];
}

function usable(description: Reviewer): Reviewer[] {
  try {
    return [defineReviewer(description)];
  } catch (error) {
    if (error instanceof TypeError) return [];
    throw error;
  }
}
