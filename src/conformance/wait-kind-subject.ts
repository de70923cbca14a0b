import { join } from "node:path";
import type { PluginContext } from "../contract/context.ts";
import type { LookContext, LookResult, Pin, WaitKind, WaitRequest } from "../contract/wait-kind.ts";
import { look as lookShape, pin as pinShape, readShape } from "../plugins-host/call/shapes.ts";
import { type Check, fail, within } from "./check.ts";
import type { FaultProxies } from "./fault-proxy.ts";

/** A wait kind and a world in which it can be asked. */
export interface WaitKindSubject {
  readonly kind: WaitKind;
  /** Something that it can watch; null: only what needs no target is checked. */
  readonly request: WaitRequest | null;
  /** A fresh context of the same world. */
  context(): PluginContext;
  /** For programs: proxies that fail. */
  readonly proxies?: FaultProxies;
  /** Folders in which nothing may be written, beside those in `own`. */
  readonly folders?: { readonly watched: readonly string[]; readonly own: readonly string[] };
}

/** Why a check of a kind without a request is left out. */
export const NO_REQUEST = "no reference to try: give one in the plugin's examples, or with --ref";
/** A plugin that is told to stop has this long, its process's grace included. */
export const STOP_MS = 5_000;

/** How long one look may take, in milliseconds. */
export function limit(kind: WaitKind): number {
  return (kind.lookTimeoutS ?? 60) * 1000 + STOP_MS;
}

/** Runs `work` with the subject's request, or says why not. */
export function withRequest(subject: WaitKindSubject, work: (request: WaitRequest) => Promise<void>): Check["run"] {
  return async () => {
    if (!subject.request) return NO_REQUEST;
    await work(subject.request);
    return undefined;
  };
}

/** The started pin of each subject; started once, since `begin` may start something real. */
const begun = new WeakMap<WaitKindSubject, Promise<Pin>>();

/** A pin that can be looked at: of a kind that starts its target, after the start. */
export function started(subject: WaitKindSubject, request: WaitRequest): Promise<Pin> {
  const { kind } = subject;
  const begin = async () => {
    const pin = await pinned(subject, request);
    if (!kind.begin) return pin;
    const context = lookContext(subject.context(), pin, request);
    const { value, error } = await within(65_000, "begin()", async () => kind.begin?.(pin, context));
    if (error) fail(`begin() failed: ${error.message}`);
    return readShape(pinShape, value, "the pin that begin() gave") as Pin;
  };
  const pin = kind.begin ? (begun.get(subject) ?? begin()) : begin();
  if (kind.begin) begun.set(subject, pin);
  return pin;
}

/** What `pin` gives. */
export async function pinned(
  subject: WaitKindSubject,
  request: WaitRequest,
  context = subject.context(),
): Promise<Pin> {
  const { value, error } = await within(35_000, "pin()", () => subject.kind.pin(request, context));
  if (error) fail(`pin() failed: ${error.message}`);
  return readShape(pinShape, value, "the pin") as Pin;
}

/** The context of a look. */
export function lookContext(
  base: PluginContext,
  pin: Pin,
  request: WaitRequest,
  more: Partial<LookContext> = {},
): LookContext {
  const since = base.clock.now();
  const logFile = join(base.dataDir(), "conformance.log");
  return {
    ...base,
    waitId: "conformance",
    logFile,
    pin,
    options: request.options,
    look: 0,
    since,
    slow: false,
    memory: {},
    remember: () => {},
    ...more,
  };
}

/** The result of one look, or the error when it could not look. */
export async function lookIn(subject: WaitKindSubject, request: WaitRequest, pin: Pin, world: PluginContext) {
  return within(limit(subject.kind), "look()", () => subject.kind.look(lookContext(world, pin, request)));
}

/** A pin, and the result of one look in a sound world. */
export async function healthyLook(
  subject: WaitKindSubject,
  request: WaitRequest,
): Promise<{ pin: Pin; seen: LookResult }> {
  const pin = await started(subject, request);
  const { value, error } = await lookIn(subject, request, pin, subject.context());
  if (error) fail(`look() failed: ${error.message}`);
  return { pin, seen: readShape(lookShape, value, "the look") as LookResult };
}
