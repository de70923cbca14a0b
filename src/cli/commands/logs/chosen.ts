import { quote } from "../../../base/text.ts";
import { UsageError } from "../../../core/errors.ts";

const NAMED = 12;

/**
 * Those of `all` that a name means: exactly so called, else the only name that holds it, in capitals or not.
 *
 * @throws {UsageError} naming them when there is none, or when several are meant.
 */
export function chosenByName<T extends { readonly name: string }>(
  all: readonly T[],
  wanted: string,
  what: string,
): readonly T[] {
  const exact = all.filter(({ name }) => name === wanted);
  if (exact.length > 0) return exact;
  const part = wanted.toLowerCase();
  const held = all.filter(({ name }) => name.toLowerCase().includes(part));
  const names = new Set(held.map(({ name }) => name));
  if (wanted !== "" && names.size === 1) return held;
  const [problem, these] =
    wanted === "" || names.size === 0
      ? [`No ${what} is called ${quote(wanted)}`, all]
      : [`Several ${what}s are called like ${quote(wanted)}`, held];
  throw new UsageError(`${problem}${listed(these)}`);
}

function listed(all: readonly { readonly name: string }[]): string {
  const names = [...new Set(all.map(({ name }) => name))];
  if (names.length === 0) return ": there is none";
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : "";
  return `: wanted one of ${names
    .slice(0, NAMED)
    .map((name) => quote(name, 80))
    .join(", ")}${more}`;
}
