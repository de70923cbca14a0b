/** `@broomva/p9`: the plugin contract. */

/** @deprecated Until version 2: import these names from `@broomva/p9/github` and `@broomva/p9/provider`. */
export * from "./github.ts";
export * from "./plugin.ts";
export * from "./provider.ts";
/** @deprecated Until version 2: as version 1.0 exported them. `@broomva/p9/github` has those of today. */
export {
  completeRules,
  findPullRequests,
  readChecks,
  readCommit,
  readPullRequest,
  readWorkflowRuns,
} from "./version-1.ts";

/** @deprecated Until version 2. The built-in sources of version 1.0; p9 itself uses the order of its registry. */
export const SOURCE_ORDER = ["session", "memory", "graph", "docs", "linear"] as const;

/** @deprecated Until version 2: the name of `TargetWatcher` in version 1.0. */
export type { TargetWatcher as Watcher } from "./provider.ts";
