/** An allow-list, so that a new value of GitHub's is not taken for ready. */
const GOOD = ["CLEAN", "HAS_HOOKS", "UNSTABLE"];

/** Whether GitHub's `mergeStateStatus` says that nothing required stands against a merge. */
export function isGoodState(mergeState: string): boolean {
  return GOOD.includes(mergeState);
}

/** Whether GitHub says that a pull request can be merged. For a while after a push it does not know. */
export function saysMergeable(pull: { readonly mergeable: string; readonly mergeState: string }): boolean {
  return pull.mergeable === "MERGEABLE" && isGoodState(pull.mergeState);
}
