import { join } from "node:path";
import {
  isOutcome,
  type LookContext,
  type LookResult,
  ObservationError,
  type Pin,
  type PluginContext,
  RefError,
  type WaitKind,
  type WaitRequest,
} from "../plugin.ts";
import { look as lookShape, pin as pinShape, readShape } from "../plugins-host/shapes.ts";
import { type Check, fail, within } from "./check.ts";
import { FAULTS, type Fault, failing, silent, speakingUnknown } from "./faults.ts";
import { leaks, partChecks, writesNothing } from "./part.ts";

/** A wait kind and a world in which it can be asked. */
export interface WaitKindSubject {
  readonly kind: WaitKind;
  /** Something that it can watch; null: only what needs no target is checked. */
  readonly request: WaitRequest | null;
  /** A fresh context of the same world. */
  context(): PluginContext;
  /** Folders in which nothing may be written, beside those in `own`. */
  readonly folders?: { readonly watched: readonly string[]; readonly own: readonly string[] };
}

const NO_REQUEST = "no reference to try: give one in the plugin's examples, or with --ref";
/** A plugin that is told to stop has this long, its process's grace included. */
const STOP_MS = 5_000;

/** Everything that must hold of a wait kind, whoever wrote it. */
export function waitKindChecks(subject: WaitKindSubject): readonly Check[] {
  return [
    ...partChecks(subject.kind),
    ...pinChecks(subject),
    ...lookChecks(subject),
    ...faultChecks(subject),
    ...endChecks(subject),
  ];
}

function limit(kind: WaitKind): number {
  return (kind.lookTimeoutS ?? 60) * 1000 + STOP_MS;
}

/** Runs `work` with the subject's request, or says why not. */
function withRequest(subject: WaitKindSubject, work: (request: WaitRequest) => Promise<void>): Check["run"] {
  return async () => {
    if (!subject.request) return NO_REQUEST;
    await work(subject.request);
    return undefined;
  };
}

/** What was begun for a subject: once, since it may start something real. */
const begun = new WeakMap<WaitKindSubject, Promise<Pin>>();

/** A pin that can be looked at: of a kind that starts its target, after the start. */
function started(subject: WaitKindSubject, request: WaitRequest): Promise<Pin> {
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

async function pinned(subject: WaitKindSubject, request: WaitRequest, context = subject.context()): Promise<Pin> {
  const { value, error } = await within(35_000, "pin()", () => subject.kind.pin(request, context));
  if (error) fail(`pin() failed: ${error.message}`);
  return readShape(pinShape, value, "the pin") as Pin;
}

function pinChecks(subject: WaitKindSubject): readonly Check[] {
  const { kind } = subject;
  return [
    {
      name: "pins the same reference to the same key, as plain data",
      run: withRequest(subject, async (request) => {
        const [one, two] = [await pinned(subject, request), await pinned(subject, request)];
        if (one.key !== two.key) fail(`The key was "${one.key}" first, then "${two.key}"`);
        const secret = leaks(one, kind, subject.context().env);
        if (secret) fail(`The pin holds the value of ${secret}`);
      }),
    },
    {
      name: "pins without the network, or says that it cannot",
      run: withRequest(subject, async (request) => {
        const offline = failing(subject.context(), "offline");
        const { value, error } = await within(35_000, "pin()", () => kind.pin({ ...request, network: false }, offline));
        if (value) readShape(pinShape, value, "the pin");
        else expectKnown(error, "pin()");
      }),
    },
    {
      name: "refuses a reference that means nothing, or leaves it open",
      run: withRequest(subject, async (request) => {
        const nonsense = { ...request, ref: "\u0001 no such thing /../ ;$(x)\n", argv: [] };
        const { value, error } = await within(35_000, "pin()", () => kind.pin(nonsense, subject.context()));
        if (value) readShape(pinShape, value, "the pin");
        else expectKnown(error, "pin()");
      }),
    },
  ];
}

function expectKnown(error: Error | undefined, what: string): void {
  if (error instanceof RefError || error instanceof ObservationError) return;
  fail(`${what} threw ${error?.name} "${error?.message}": wanted RefError or ObservationError`);
}

function lookContext(
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

/** What one look says in a world; the error when it could not look. */
async function lookIn(subject: WaitKindSubject, request: WaitRequest, pin: Pin, world: PluginContext) {
  return within(limit(subject.kind), "look()", () => subject.kind.look(lookContext(world, pin, request)));
}

async function healthyLook(subject: WaitKindSubject, request: WaitRequest): Promise<{ pin: Pin; seen: LookResult }> {
  const pin = await started(subject, request);
  const { value, error } = await lookIn(subject, request, pin, subject.context());
  if (error) fail(`look() failed: ${error.message}`);
  return { pin, seen: readShape(lookShape, value, "the look") as LookResult };
}

function lookChecks(subject: WaitKindSubject): readonly Check[] {
  const { kind } = subject;
  return [
    {
      name: "looks once and says what it saw",
      run: withRequest(subject, async (request) => {
        const { seen } = await healthyLook(subject, request);
        const secret = leaks(seen, kind, subject.context().env);
        if (secret) fail(`The look holds the value of ${secret}`);
      }),
    },
    {
      name: "looks again after a restart, from nothing but its pin and its memory",
      run: withRequest(subject, async (request) => {
        const pin: Pin = JSON.parse(JSON.stringify(await started(subject, request)));
        let memory = {};
        const remember = (next: object) => {
          memory = JSON.parse(JSON.stringify(next));
        };
        for (const look of [0, 1]) {
          const context = lookContext(subject.context(), pin, request, { look, memory, remember });
          const { value, error } = await within(limit(kind), "look()", () => kind.look(context));
          if (error) fail(`look() number ${look} failed: ${error.message}`);
          readShape(lookShape, value, "the look");
        }
      }),
    },
    {
      name: "writes nothing outside its own folder",
      run: withRequest(subject, async (request) => {
        const { watched, own } = subject.folders ?? { watched: [], own: [] };
        await writesNothing(watched, own, () => healthyLook(subject, request));
      }),
    },
    {
      name: "stops when it is told to",
      run: withRequest(subject, async (request) => {
        const pin = await started(subject, request);
        const stop = new AbortController();
        const looking = lookIn(subject, request, pin, silent(subject.context(), stop.signal));
        setTimeout(() => stop.abort(), 300);
        await within(STOP_MS, "A look that was told to stop", () => looking);
      }),
    },
  ];
}

function faultChecks(subject: WaitKindSubject): readonly Check[] {
  const names = Object.keys(FAULTS) as Fault[];
  const worlds = names.map((fault) => [FAULTS[fault], (base: PluginContext) => failing(base, fault)] as const);
  return [...worlds, ["every word in the answers is unknown", speakingUnknown] as const].map(([when, world]) => ({
    name: `gives no verdict when ${when}`,
    run: withRequest(subject, async (request) => {
      const { pin, seen } = await healthyLook(subject, request);
      const { value } = await lookIn(subject, request, pin, world(subject.context()));
      if (!value) return;
      const result = readShape(lookShape, value, "the look");
      // A kind that did not need what failed says what it said before.
      if (isOutcome(result.status) && result.status !== seen.status) {
        fail(`look() said "${result.status}" (${result.reason}); in a sound world it said "${seen.status}"`);
      }
    }),
  }));
}

function endChecks(subject: WaitKindSubject): readonly Check[] {
  const { kind } = subject;
  return [
    {
      name: "ends what it began, also twice",
      run: async () => {
        if (!kind.begin || !kind.end) return "it begins nothing";
        if (!subject.request) return NO_REQUEST;
        const pin = await started(subject, subject.request);
        for (const time of ["once", "twice"]) {
          const { error } = await within(35_000, "end()", async () => kind.end?.(pin, subject.context()));
          if (error) fail(`end() failed when it was called ${time}: ${error.message}`);
        }
        return undefined;
      },
    },
  ];
}
