import type { Env } from "../plugin.ts";
import type { TargetLook } from "./look.ts";
import type { Provider } from "./provider.ts";
import type { Asker } from "./request.ts";
import type { Values } from "./template.ts";
import { hasCredentials, variableNames } from "./variables.ts";

/** A target's values, and those that nobody gave (with how to give them, for people). */
export interface Located {
  readonly values: Values;
  readonly missing: readonly string[];
  readonly how: string;
}

/** What a provider's description can do; its code is loaded when first used. */
export interface Interpreter {
  readonly provider: Provider;
  /** Names of all its variables. */
  readonly env: readonly string[];
  /** Whether the environment has its credentials. */
  ready(env: Env): boolean;
  /** What a reference says by its expressions, or null. */
  match(ref: string): Promise<Values | null>;
  /** The values of its parameters, from what was given, the environment and the repository's files. */
  locate(given: Values, context: { readonly env: Env; readonly cwd: string }): Promise<Located>;
  /** Looks once. @throws {ObservationError} */
  look(values: Values, context: Asker): Promise<TargetLook>;
  /** Log lines of a target that is known to have failed. Never throws. */
  evidence(values: Values, context: Asker): Promise<NonNullable<TargetLook["evidence"]>>;
}

/** Gives a provider's description its voice. */
export function interpret(provider: Provider): Interpreter {
  return {
    provider,
    env: variableNames(provider),
    ready: (env) => hasCredentials(provider, env),
    match: async (ref) => (await import("./parameters.ts")).matchRef(provider, ref),
    locate: async (given, context) => {
      const { howToGive, parameters } = await import("./parameters.ts");
      const { values, missing } = parameters(provider, given, context);
      return { values, missing, how: howToGive(provider, missing) };
    },
    look: async (values, context) => (await import("./look.ts")).lookAt(provider, values, context),
    evidence: async (values, context) => (await import("./evidence.ts")).evidenceOf(provider, null, values, context),
  };
}
