import { join } from "node:path";
import { outsidePattern } from "../base/outside-pattern.ts";
import { readSmallFile } from "../base/small-file.ts";
import type { Env } from "../contract/context.ts";
import { errorCode } from "../core/errors.ts";
import type { Parameter, Provider } from "./describe/provider.ts";
import type { Values } from "./template.ts";

/** Matches a reference against a provider's expressions: the named groups of the first that matches whole, or null. */
export function matchRef(provider: Provider, ref: string): Values | null {
  for (const expression of provider.refs ?? []) {
    const match = outsidePattern(`^(?:${expression})$`).exec(ref);
    if (match) return Object.fromEntries(Object.entries(match.groups ?? {}).filter(([, value]) => value !== undefined));
  }
  return null;
}

/** The values of a provider's parameters: as given, else from the environment, the repository's files, the default. */
export function parameters(
  provider: Provider,
  given: Values,
  context: { readonly env: Env; readonly cwd: string },
): { readonly values: Values; readonly missing: readonly string[] } {
  const values: Record<string, string | undefined> = { ...given };
  const missing: string[] = [];
  for (const [name, parameter] of Object.entries(provider.params ?? {})) {
    values[name] ??= lookUp(parameter, context);
    if (values[name] === undefined && !parameter.optional) missing.push(name);
  }
  return { values, missing };
}

/** How a missing parameter can be given, for people. */
export function howToGive(provider: Provider, names: readonly string[]): string {
  return names
    .map((name) => {
      const parameter = provider.params?.[name];
      const ways = [
        `--param ${name}=…`,
        ...(parameter?.env ? [`the variable ${parameter.env}`] : []),
        `ci_watch.providers.${provider.name}.${name}`,
      ];
      return `"${name}" (${parameter?.description ?? "a value"}): ${ways.join(", ")}`;
    })
    .join("; ");
}

function lookUp(parameter: Parameter, context: { readonly env: Env; readonly cwd: string }): string | undefined {
  const fromEnv = parameter.env ? context.env[parameter.env]?.trim() : undefined;
  if (fromEnv && outsidePattern(parameter.envMatch ?? "").test(fromEnv)) return fromEnv;
  for (const { file, match } of parameter.files ?? []) {
    const found = outsidePattern(match, "m").exec(read(join(context.cwd, file)))?.[1];
    if (found) return found;
  }
  return parameter.default;
}

function read(path: string): string {
  try {
    return readSmallFile(path);
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "EISDIR", "EACCES"].includes(errorCode(error) ?? "")) return "";
    throw error;
  }
}
