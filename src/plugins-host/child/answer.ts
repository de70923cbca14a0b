import type { Plugin } from "../../contract/define.ts";
import type { QueueSource } from "../../contract/queue-source.ts";
import type { WaitKind } from "../../contract/wait-kind.ts";
import type { Request } from "../call/protocol.ts";
import { childContext, discoverContext, lookContext, runsContext } from "./child-context.ts";
import { describe } from "./describe.ts";
import type { Pipe } from "./pipe.ts";

/** Answers a request; the result must survive JSON. */
export async function answer(plugin: Plugin, request: Request, pipe: Pipe): Promise<unknown> {
  if (request.call === "describe") return describe(plugin);
  if (request.call === "discover") {
    return part(plugin.queueSources, request.name, "queue source").discover(discoverContext(request, pipe));
  }
  if (request.call === "runs") {
    const parts = request.part === "wait kind" ? plugin.waitKinds : plugin.queueSources;
    return part<WaitKind | QueueSource>(parts, request.name, request.part).runs?.(runsContext(request, pipe));
  }
  if (request.call === "missing") {
    const context = { ...childContext(request, pipe), options: request.options };
    return { missing: (await part(plugin.notifiers, request.name, "notifier").missing?.(context)) ?? null };
  }
  if (request.call === "deliver") {
    const context = { ...childContext(request, pipe), options: request.options };
    return part(plugin.notifiers, request.name, "notifier").deliver(request.notice, context);
  }
  return ofWaitKind(part(plugin.waitKinds, request.name, "wait kind"), request, pipe);
}

type WaitCall = Extract<Request, { readonly call: "resolve" | "look" | "begin" | "end" | "complete" }>;

async function ofWaitKind(kind: WaitKind, request: WaitCall, pipe: Pipe): Promise<unknown> {
  switch (request.call) {
    case "resolve":
      return kind.pin(request.request, { ...childContext(request, pipe), previous: request.previous ?? undefined });
    case "look":
      return kind.look(lookContext(request, pipe));
    case "begin":
      return kind.begin?.(request.pin, lookContext(request, pipe));
    case "end":
      return kind.end?.(request.pin, childContext(request, pipe));
    case "complete":
      return kind.complete?.(childContext(request, pipe));
  }
}

function part<T extends { readonly name: string }>(parts: readonly T[] | undefined, name: string, what: string): T {
  const found = parts?.find((one) => one.name === name);
  if (!found) throw new TypeError(`The plugin has no ${what} "${name}"`);
  return found;
}
