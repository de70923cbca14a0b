import { type Options, outsidePattern, type Pattern, RefError } from "../../../src/plugin.ts";

/** What an answer must be like, as the options say it. */
export interface Wanted {
  readonly status: readonly StatusRange[];
  readonly failStatus: readonly StatusRange[];
  readonly pointer: string | null;
  readonly header: string | null;
  readonly body: Pattern | null;
  readonly success: readonly string[];
  readonly failure: readonly string[];
  readonly consecutive: number;
  readonly send: readonly { readonly name: string; readonly value: string }[];
}

/** From and to, both included. */
export type StatusRange = readonly [from: number, to: number];

/**
 * Reads the options of the kind.
 *
 * @throws {RefError} naming the option, its value and what is wanted.
 */
export function readWanted(options: Options): Wanted {
  const wanted = {
    status: ranges("status", text(options.status) ?? "200-299"),
    failStatus: ranges("fail-status", text(options["fail-status"]) ?? ""),
    pointer: text(options.pointer),
    header: text(options.header),
    body: regex(text(options.body)),
    success: texts(options.success),
    failure: texts(options.failure),
    consecutive: Math.max(1, Math.floor(Number(options.consecutive ?? 2)) || 1),
    send: texts(options.send).map(header),
  };
  const sources = [wanted.pointer, wanted.header, wanted.body].filter((source) => source !== null);
  if (sources.length > 1)
    throw new RefError("Cannot take a value from two places: wanted one of --pointer, --header and --body");
  if (sources.length === 0 && (wanted.success.length > 0 || wanted.failure.length > 0)) {
    throw new RefError("Cannot compare a value: --success and --failure want --pointer, --header or --body");
  }
  if (wanted.pointer !== null && wanted.pointer !== "" && !wanted.pointer.startsWith("/")) {
    throw new RefError(
      `Cannot read --pointer ${JSON.stringify(wanted.pointer)}: wanted a JSON pointer such as "/status"`,
    );
  }
  return wanted;
}

/** Whether a status lies in one of the ranges. */
export function inRanges(status: number, list: readonly StatusRange[]): boolean {
  return list.some(([from, to]) => status >= from && status <= to);
}

function ranges(option: string, list: string): StatusRange[] {
  return list
    .split(",")
    .filter((part) => part.trim() !== "")
    .map((part) => {
      const [, from, to = from] = /^\s*(\d{3})(?:\s*-\s*(\d{3}))?\s*$/.exec(part) ?? [];
      if (from === undefined)
        throw new RefError(`Cannot read --${option} ${JSON.stringify(part)}: wanted 200 or 200-299`);
      return [Number(from), Number(to)];
    });
}

function regex(source: string | null): Pattern | null {
  if (source === null) return null;
  try {
    return outsidePattern(source, "m");
  } catch (error) {
    throw new RefError(`Cannot read --body ${JSON.stringify(source)}: wanted a regular expression`, { cause: error });
  }
}

function header(line: string): { name: string; value: string } {
  const [, name, value = ""] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):\s*(.*)$/.exec(line) ?? [];
  // The value is not repeated: it may be a secret.
  if (name === undefined) throw new RefError('Cannot send a header: wanted "name: value", or "name: env:VARIABLE"');
  return { name, value };
}

const text = (value: unknown) => (typeof value === "string" ? value : null);
const texts = (value: unknown) => (Array.isArray(value) ? value.map(String) : typeof value === "string" ? [value] : []);
