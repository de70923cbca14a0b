import { redact, secretValues } from "../../base/redact.ts";
import { shellQuote } from "../../base/shell-quote.ts";
import type { Options } from "../../contract/options.ts";
import type { WaitKind, WaitRequest } from "../../contract/wait-kind.ts";
import type { WatchDeps } from "../deps.ts";

/** What was asked to be watched. */
interface AskedFor {
  readonly kind: WaitKind;
  readonly ref: string | null;
  readonly argv?: readonly string[];
  readonly options?: Options;
  readonly repo: string | null;
  readonly pushed?: WaitRequest["pushed"];
}

/**
 * The words behind `p9 watch` that ask for the same again, without the user's own command behind `--`. Undefined for what a push asked
 * for, and where a word may be a secret.
 */
export function askedWords(
  { kind, ref, argv = [], options = {}, repo, pushed }: AskedFor,
  { env }: Pick<WatchDeps, "env">,
): readonly string[] | undefined {
  if (pushed) return undefined;
  const flags = Object.entries(kind.options ?? {}).flatMap(([name, spec]) => {
    const value = options[name];
    if (value === undefined || value === null || JSON.stringify(value) === JSON.stringify(spec.default)) return [];
    if (typeof value === "boolean") return [value ? `--${name}` : `--no-${name}`];
    return [value].flat().flatMap((one) => [`--${name}`, String(one)]);
  });
  const isOfNone = kind.takesRepo === false || (kind.process === "own" && ref === null);
  const where = repo === null || isOfNone ? [] : ["--repo", repo];
  const words = [kind.name, ...(ref === null ? [] : [ref]), ...flags, ...where];
  const line = [...words, ...argv].map(shellQuote).join(" ");
  return redact(line, secretValues(env)) === line ? words : undefined;
}
