/** The public API of `@broomva/p9`: what a plugin needs. */
export * from "./plugin.ts";
