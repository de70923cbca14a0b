/** `@broomva/p9`: the plugin contract. */

/** @deprecated Until version 2: import these names from `@broomva/p9/github` and `@broomva/p9/provider`. */
export * from "./github.ts";
export * from "./plugin.ts";
export * from "./provider.ts";
