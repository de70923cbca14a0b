import type { Env } from "../contract/context.ts";
import type { LookContext } from "../contract/wait-kind.ts";
import type { Provider } from "./describe/provider.ts";
import type { TargetLook } from "./look.ts";
import type { Asker } from "./request.ts";
import type { Values } from "./template.ts";
import { hasCredentials, variableNames } from "./variables.ts";

/** A target's values, and those that nobody gave (with how to give them, for people). */
export interface Located {
  readonly values: Values;
  readonly missing: readonly string[];
  readonly how: string;
}

/** Watches one kind of target: an interpreted provider description, or code. */
export interface TargetWatcher {
  readonly name: string;
  /** As people call it. */
  readonly title: string;
  /** Names of all its variables. */
  readonly env: readonly string[];
  /** Whether the environment has its credentials. */
  ready(env: Env): boolean;
  /** The values in a reference that matches its expressions, or null. */
  match(ref: string): Promise<Values | null>;
  /** The values of its parameters, from what was given, the environment and the repository's files. */
  locate(given: Values, context: { readonly env: Env; readonly cwd: string }): Promise<Located>;
  /** Looks once. @throws {ObservationError} */
  look(values: Values, context: LookContext): Promise<TargetLook>;
}

/** The watcher of a provider description; it needs less of the context than others. */
export interface Interpreter extends TargetWatcher {
  readonly provider: Provider;
  look(values: Values, context: Asker): Promise<TargetLook>;
}

/** Turns a provider description into a watcher, whose code is loaded on first use. */
export function interpret(provider: Provider): Interpreter {
  return {
    provider,
    name: provider.name,
    title: provider.title,
    env: variableNames(provider),
    ready: (env) => hasCredentials(provider, env),
    match: async (ref) => (await import("./parameters.ts")).matchRef(provider, ref),
    locate: async (given, context) => {
      const { howToGive, parameters } = await import("./parameters.ts");
      const { values, missing } = parameters(provider, given, context);
      return { values, missing, how: howToGive(provider, missing) };
    },
    look: async (values, context) => (await import("./look.ts")).lookAt(provider, values, context),
  };
}
