import type { JsonObject } from "../../base/json.ts";
import { isObject } from "../../base/json.ts";
import { RefError, UnavailableError } from "../../contract/errors.ts";
import type { Notice } from "../../contract/notifier.ts";
import type { Options } from "../../contract/options.ts";
import type { PullRequestInFlight } from "../../contract/queue-source.ts";
import type { Pin, WaitRequest } from "../../contract/wait-kind.ts";
import { errorText } from "../../core/errors.ts";
import { ObservationError } from "../../core/observation.ts";

/** Version of the protocol between p9 and a plugin's process, in every request. */
export const PROTOCOL = 1;

/** What every call but `describe` knows: the data of the plugin's context. */
export interface ContextData {
  /** The wait kind, queue source or notifier that is asked. */
  readonly name: string;
  readonly cwd: string;
  readonly session: string | null;
  readonly repo: string | null;
  readonly config: JsonObject;
  /** The plugin's own folder; it exists. */
  readonly dataDir: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** The same by GitHub's clock, at the host of {@link ContextData.repo}. */
  readonly githubNow: number;
}

/** Of a call about a wait that is registered. */
export interface LookData extends ContextData {
  readonly waitId: string;
  readonly logFile: string;
  readonly pin: Pin;
  readonly options: Options;
  readonly look: number;
  readonly since: number;
  readonly slow: boolean;
  readonly memory: JsonObject;
}

/** Of `discover`. */
export interface DiscoverData extends ContextData {
  readonly options: Options;
  readonly root: string | null;
  readonly sessions: readonly string[];
  readonly pr: PullRequestInFlight | null;
  readonly etaS: number | null;
  readonly limit: number;
  /** For programs only, since modules can ask for them. Null when they are not known. */
  readonly changedFiles?: readonly string[] | null;
}

/** Parts with `runs`. */
export type PartWithRuns = "wait kind" | "queue source";

/** A request of p9; a plugin's process answers exactly one and ends. */
export type Call =
  | { readonly call: "describe" }
  | ({ readonly call: "resolve"; readonly request: WaitRequest; readonly previous: Pin | null } & ContextData)
  | ({ readonly call: "look" } & LookData)
  | ({ readonly call: "begin" } & LookData)
  | ({ readonly call: "end"; readonly pin: Pin } & ContextData)
  | ({ readonly call: "complete" } & ContextData)
  | ({ readonly call: "runs"; readonly part: PartWithRuns; readonly root: string } & ContextData)
  | ({ readonly call: "discover" } & DiscoverData)
  | ({ readonly call: "missing"; readonly options: Options } & ContextData)
  | ({ readonly call: "deliver"; readonly options: Options; readonly notice: Notice } & ContextData);

/** A call as it is written to a plugin's stdin, on one line. */
export type Request = { readonly p9: typeof PROTOCOL } & Call;

/** An error as it crosses the pipe. */
export interface WireError {
  readonly name?: string;
  readonly message: string;
  readonly retryAfterS?: number;
  readonly needs?: string;
  readonly lasting?: boolean;
}

/** What a module's process may ask p9 to do for it while it answers. */
const ASKS = [
  "exec",
  "fetch",
  "github.graphql",
  "github.rest",
  "github.repository",
  "changedFiles",
  "diff",
  "trusted",
  "logProviders",
  "reviewers",
] as const;

/** One of {@link ASKS}. */
export type Ask = (typeof ASKS)[number];

/** One line of a module's process. */
export type ModuleLine =
  | { readonly type: "value"; readonly value: unknown }
  | { readonly type: "error"; readonly error: WireError }
  | { readonly type: "ask"; readonly id: number; readonly ask: Ask; readonly args: readonly unknown[] }
  | { readonly type: "log"; readonly level: "info" | "warn"; readonly text: string }
  | { readonly type: "memory"; readonly memory: JsonObject };

/** p9's answer to an ask. */
export type Reply =
  | { readonly type: "reply"; readonly id: number; readonly value: unknown }
  | { readonly type: "reply"; readonly id: number; readonly error: WireError };

/** An error made ready for the pipe. */
export function toWire(error: unknown): WireError {
  const name = error instanceof Error ? error.name : "Error";
  const { retryAfterS, needs, lasting } = isObject(error) ? error : {};
  return {
    name,
    message: errorText(error) || name,
    ...(typeof retryAfterS === "number" && { retryAfterS }),
    ...(typeof needs === "string" && { needs }),
    ...(lasting === true && { lasting }),
  };
}

/** The error that crossed the pipe, in its own class where the contract has one. */
export function fromWire(error: WireError): Error {
  const { name, message, retryAfterS, needs, lasting } = error;
  if (name === "RefError") return new RefError(message);
  if (name === "UnavailableError") return new UnavailableError(message);
  if (name === "ObservationError") return new ObservationError(message, { retryAfterS, needs, lasting });
  return new Error(message);
}
