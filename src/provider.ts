/** `@broomva/p9/provider`: services and reviewers described as data, and the reader of such descriptions. */
export { defineLogProvider } from "./log-providers/describe/define.ts";
export type { LogParts, LogProvider, LogTarget, LogText, NextPage } from "./log-providers/describe/log-provider.ts";
export {
  type KnownLogProvider,
  knownLogProviders,
  type LogProviderPlace,
  type LogProviderTable,
  logProviderSubjects,
  logProviderVariables,
  permittedContext,
} from "./log-providers/known.ts";
export { type CiLog, type FoundPage, findPage, logOf } from "./log-providers/log.ts";
export type { Page } from "./log-providers/page.ts";
export { askRun, judgeRun, type Run, type RunLook } from "./log-providers/run.ts";
export type { LogAsker, Server } from "./log-providers/send.ts";
export { defineProvider } from "./providers/describe/define.ts";
export type { OnGitHub, Provider, ProviderStatus } from "./providers/describe/provider.ts";
export { type Interpreter, interpret, type Located, type TargetWatcher } from "./providers/interpret.ts";
export { givenValues, providerKind } from "./providers/kind.ts";
export type { TargetLook } from "./providers/look.ts";
export { firstText, reach } from "./providers/pointer.ts";
export { tellingLines } from "./providers/telling-lines.ts";
export type { Values } from "./providers/template.ts";
export { defineReviewer } from "./reviewers/describe/define.ts";
export type { AskAgain, Reviewer, Signal, SignalMeaning, SignalPlace } from "./reviewers/describe/reviewer.ts";
export { knownReviewers, type ReviewerTable } from "./reviewers/known.ts";
