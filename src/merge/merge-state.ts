/** An allow-list: a word that GitHub adds tomorrow is not ready until somebody has thought about it. */
const GOOD = ["CLEAN", "HAS_HOOKS", "UNSTABLE"];

/** Whether GitHub's `mergeStateStatus` says that nothing required stands against a merge. */
export function isGoodState(mergeState: string): boolean {
  return GOOD.includes(mergeState);
}

/** The same of a pull request whose mergeability GitHub has worked out: after a push both are unknown for a while. */
export function saysMergeable(pull: { readonly mergeable: string; readonly mergeState: string }): boolean {
  return pull.mergeable === "MERGEABLE" && isGoodState(pull.mergeState);
}
