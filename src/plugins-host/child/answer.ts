import type { Plugin, WaitKind } from "../../plugin.ts";
import type { Ask, ModuleLine, Request } from "../call/protocol.ts";
import { childContext, discoverContext, lookContext } from "./child-context.ts";
import { describe } from "./describe.ts";

/** How the plugin's process talks to p9. */
export interface Pipe {
  ask(what: Ask, args: readonly unknown[]): Promise<unknown>;
  send(line: ModuleLine): void;
}

/** Does what the request asks for; what comes back must survive JSON. */
export async function answer(plugin: Plugin, request: Request, pipe: Pipe): Promise<unknown> {
  if (request.call === "describe") return describe(plugin);
  if (request.call === "discover") {
    return part(plugin.queueSources, request.name, "queue source").discover(discoverContext(request, pipe));
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
