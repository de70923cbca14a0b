import type { PluginContext } from "../../contract/context.ts";
import type { LookContext, LookResult, Pin, WaitKind } from "../../contract/wait-kind.ts";
import { asObservationErrors, checkMemory, checkShape, readPin, soleAnswer } from "../call/check-answer.ts";
import { callHost, contextData, type LiveHost } from "../call/host.ts";
import type { Call } from "../call/protocol.ts";
import { look as lookShape, names as namesShape } from "../call/shapes.ts";
import type { Target } from "../call/target.ts";
import type { OptionalCall, WaitKindData } from "../find/description.ts";
import { deferredPin } from "./deferred-pin.ts";
import { askRuns } from "./runs.ts";

const TIMEOUT_S = { resolve: 30, begin: 60, end: 30, complete: 2, look: 60 } as const;

/** A wait kind whose functions run in the plugin's process. */
export function wrapWaitKind(live: LiveHost, { has = [], ...data }: WaitKindData): WaitKind {
  const ask = async (call: Call, context: PluginContext, timeoutS: number) => {
    const host = await live.ready();
    return { target: host.target, ...(await callHost(host, call, { context, timeoutS, env: data.env })) };
  };

  const kind: WaitKind = {
    ...data,
    pin: (request, context) =>
      asObservationErrors(async () => {
        if (!request.network) return deferredPin(data.name, request, context.cwd);
        const previous = context.previous ?? null;
        const call = { call: "resolve", request, previous, ...contextData(data.name, context) } as const;
        const { target, values } = await ask(call, context, TIMEOUT_S.resolve);
        return readPin(target, soleAnswer(target, values, "resolve"));
      }),
    look: (context) =>
      asObservationErrors(async () => {
        const call = { call: "look", ...lookData(data.name, context) } as const;
        const { target, values, memory } = await ask(call, context, data.lookTimeoutS ?? TIMEOUT_S.look);
        return readLook(target, soleAnswer(target, values, "look"), memory, context);
      }),
  };
  const optional: Required<Pick<WaitKind, OptionalCall>> = {
    begin: (pin, context) =>
      asObservationErrors(async () => {
        const call = { call: "begin", ...lookData(data.name, context), pin } as const;
        const { target, values } = await ask(call, context, TIMEOUT_S.begin);
        return readPin(target, soleAnswer(target, values, "begin"));
      }),
    end: (pin, context) =>
      asObservationErrors(async () => {
        await ask({ call: "end", pin, ...contextData(data.name, context) }, context, TIMEOUT_S.end);
      }),
    complete: (context) =>
      asObservationErrors(async () => {
        const call = { call: "complete", ...contextData(data.name, context) } as const;
        const { target, values } = await ask(call, context, TIMEOUT_S.complete);
        return checkShape(target, namesShape, soleAnswer(target, values, "complete"), "a list of names");
      }),
    runs: (context) => asObservationErrors(() => askRuns(live, "wait kind", data, context)),
  };
  return { ...kind, ...Object.fromEntries(has.map((name) => [name, optional[name]])) };
}

function readLook(
  target: Target,
  value: unknown,
  told: LookContext["memory"] | null,
  context: LookContext,
): LookResult {
  const { memory, pin, ...result } = checkShape(target, lookShape, value, "a look");
  const remembered = told ?? memory;
  if (remembered) {
    checkMemory(target, remembered);
    context.remember(remembered);
  }
  return { ...result, ...(pin && { pin: readPin(target, pin) satisfies Pin }) };
}

function lookData(name: string, context: LookContext) {
  const { waitId, logFile, pin, options, look, since, slow, memory } = context;
  return { ...contextData(name, context), waitId, logFile, pin, options, look, since, slow, memory };
}
