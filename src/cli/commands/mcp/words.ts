import type { Options } from "../../../contract/options.ts";

/**
 * Options as words of a command line. Those named in `operands` come last, behind `--`, so that none of them is read as a flag.
 */
export function wordsOf(options: Options, operands: readonly string[] = []): readonly string[] {
  const flags = Object.entries(options).flatMap(([name, value]) => {
    if (operands.includes(name) || value === undefined || value === false) return [];
    if (value === true) return [`--${name}`];
    return [`--${name}=${Array.isArray(value) ? value.join(",") : String(value)}`];
  });
  const words = operands.flatMap((name) => {
    const value = options[name];
    return value === undefined ? [] : Array.isArray(value) ? value.map(String) : [String(value)];
  });
  return ["--json", ...flags, ...(words.length > 0 ? ["--", ...words] : [])];
}
