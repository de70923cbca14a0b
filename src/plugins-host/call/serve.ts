import type { ExecOptions } from "../../base/exec-types.ts";
import { isObject, type Json } from "../../base/json.ts";
import type { Env, FetchInit, PluginContext } from "../../contract/context.ts";
import type { DiscoverContext } from "../../contract/queue-source.ts";
import type { Ask } from "./protocol.ts";

type Diff = Pick<DiscoverContext, "changedFiles" | "diff">;

/**
 * Serves the requests of a module's process with the context of the call.
 *
 * @param env what programs get that the plugin runs
 */
export function answerAsks(context: PluginContext & Partial<Diff>, env: Env) {
  return async (ask: Ask, args: readonly unknown[]): Promise<unknown> => {
    const [first, second, third] = args;
    switch (ask) {
      case "exec":
        return context.exec(texts(first), { env, ...fields<ExecOptions>(second), signal: context.signal });
      case "fetch":
        return context.fetch(String(first), fields<FetchInit>(second));
      case "github.graphql":
        return context.github.graphql(String(first), fields<Record<string, Json>>(second));
      case "github.repository":
        return context.github.repository(String(first), String(second));
      case "github.rest":
        return context.github.rest(String(first), fields(second));
      case "changedFiles":
        return (await context.changedFiles?.()) ?? [];
      case "diff":
        return (await context.diff?.()) ?? "";
      case "trusted":
        return context.trusted(String(first), String(second), typeof third === "string" ? third : undefined);
      case "logProviders":
        return context.logProviders();
      case "reviewers":
        return context.reviewers();
    }
  };
}

function texts(value: unknown): string[] {
  if (!Array.isArray(value) || !value.every((one) => typeof one === "string")) {
    throw new TypeError("Cannot run a program: wanted a list of texts");
  }
  return value;
}

/** The fields of a request, which JSON has turned into plain data. */
function fields<T extends object>(value: unknown): T {
  return (isObject(value) ? value : {}) as T;
}
