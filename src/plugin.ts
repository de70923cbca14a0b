/**
 * The plugin contract, version 1: the parts of a plugin and what they get. Everything in `plugins/` and every third party
 * imports this module, `github.ts` and `provider.ts` beside it, and nothing else of p9.
 *
 * A plugin gives wait kinds (pin a reference to an identity, and look at it once), queue sources (find work for the agent
 * meanwhile) and notifiers (deliver messages to the user). It never sleeps, retries, decides a deadline or writes state: the
 * engine and the store do.
 */
export { privateHostsIn, privateHostsNote } from "./base/address.ts";
export type { Clock } from "./base/clock.ts";
export { formatDuration, parseDuration } from "./base/duration.ts";
export type { Exec, ExecOptions, ExecResult } from "./base/exec-types.ts";
export { isNamedBy, underAny } from "./base/glob.ts";
export { isObject, type Json, type JsonObject } from "./base/json.ts";
export { didYouMean } from "./base/nearest.ts";
export { outsidePattern, type Pattern, SlowPatternError } from "./base/outside-pattern.ts";
export { readSmallFile } from "./base/small-file.ts";
export { oneLine, pathName, quote, slug, stripControls } from "./base/text.ts";
export type {
  Env,
  FetchAnswer,
  FetchInit,
  Logger,
  PluginContext,
  Processes,
  RunsContext,
  TrustSubject,
} from "./contract/context.ts";
export {
  API_VERSION,
  defineNotifier,
  definePlugin,
  defineQueueSource,
  defineWaitKind,
  type Plugin,
} from "./contract/define.ts";
export { RefError, TrustError, UnavailableError } from "./contract/errors.ts";
export type { DeliverContext, Notice, Notifier } from "./contract/notifier.ts";
export type { OptionSpec, OptionSpecs, Options } from "./contract/options.ts";
export type {
  DiscoverContext,
  FoundItem,
  IsolationTier,
  PullRequestInFlight,
  QueueSource,
} from "./contract/queue-source.ts";
export {
  type Evidence,
  type Grace,
  isOutcome,
  type LookContext,
  type LookItem,
  type LookResult,
  type Pin,
  type Progress,
  type Settle,
  type WaitExample,
  type WaitKind,
  type WaitRequest,
} from "./contract/wait-kind.ts";
export type { P9Event, Transition } from "./core/events.ts";
export { ObservationError } from "./core/observation.ts";
export { formerKey, fullName, parseRepo, repoFields, sameRepo, splitRepo } from "./core/repo.ts";
export type { Outcome, State } from "./core/states.ts";
export type { NextActions, WaitTraits } from "./core/traits.ts";
export { askGit, type GitLimits, type GitPlace, git } from "./process/git.ts";
export { fileEnd } from "./store/follow/file-end.ts";
