/** `@broomva/p9/provider`: services described as data, and the reader of such descriptions. */
export { defineProvider } from "./providers/describe/define.ts";
export type { OnGitHub, Provider, ProviderStatus } from "./providers/describe/provider.ts";
export { type Interpreter, interpret, type Located, type TargetWatcher } from "./providers/interpret.ts";
export { givenValues, providerKind } from "./providers/kind.ts";
export type { TargetLook } from "./providers/look.ts";
export { firstText, reach } from "./providers/pointer.ts";
export { tellingLines } from "./providers/telling-lines.ts";
export type { Values } from "./providers/template.ts";
