import type { Env } from "../contract/context.ts";
import type { LookContext } from "../contract/wait-kind.ts";
import type { Provider } from "./describe/provider.ts";
import type { TargetLook } from "./look.ts";
import type { Asker } from "./request.ts";
import type { Values } from "./template.ts";
import { hasCredentials, missingVariables, variableNames } from "./variables.ts";

/** A target's values, and those that nobody gave (with how to give them, for people). */
export interface Located {
  readonly values: Values;
  readonly missing: readonly string[];
  readonly how: string;
  /** Variables without which nothing can be asked, and that are not set. */
  readonly unset?: readonly string[];
}

/** Watches one kind of target: an interpreted provider description, or code. */
export interface TargetWatcher {
  readonly name: string;
  /** As people call it. */
  readonly title: string;
  /** Names of all its variables. */
  readonly env: readonly string[];
  /**
   * Names of the values that a repository may give without being trusted: with these alone it runs nothing, and asks one public service
   * whose address none of them is part of. Without it, an entry of a policy is always asked about.
   */
  readonly harmless?: readonly string[];
  /** The description that it interprets. */
  readonly provider?: Provider;
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
    ...(isFixed(provider) ? { harmless: valueNames(provider) } : {}),
    ready: (env) => hasCredentials(provider, env),
    match: async (ref) => (await import("./parameters.ts")).matchRef(provider, ref),
    locate: async (given, context) => {
      const { howToGive, parameters } = await import("./parameters.ts");
      const { values, missing } = parameters(provider, given, context);
      const unset = missingVariables(provider, context.env);
      return { values, missing, how: howToGive(provider, missing), ...(unset.length > 0 ? { unset } : {}) };
    },
    look: async (values, context) => (await import("./look.ts")).lookAt(provider, values, context),
  };
}

/** Whether every request goes to one https address that no value is part of, and none runs a program. */
function isFixed({ base, request, find, progress, evidence }: Provider): boolean {
  const requests = [request, find?.request, find?.others, progress?.request, evidence?.request];
  const runs = requests.some((one) => one !== undefined && "run" in one);
  return !runs && /^https:\/\/[^{}]+$/.test(base?.url ?? "");
}

/** Parameters and what a reference names; a base of its own would lead elsewhere. */
function valueNames({ params, refs }: Provider): string[] {
  const groups = (refs ?? []).flatMap((ref) =>
    [...ref.matchAll(/\(\?<([A-Za-z]\w*)>/g)].map((match) => match[1] ?? ""),
  );
  return [...Object.keys(params ?? {}), ...groups, "environment"].filter((name) => name !== "base");
}
