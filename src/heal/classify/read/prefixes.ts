/** What may stand before the text that a program printed: a clock, a counter, the name of a service. */
const CANDIDATES: readonly RegExp[] = [
  // A clock or a date, in brackets or bare, with a level before it or a zone after it.
  /^(?:[A-Z]{1,8})?[[(]?(?:\d{4}[-/]\d\d[-/]\d\d[T _])?\d{1,2}:\d\d:\d\d(?:[.,]\d{1,9})?(?: ?(?:Z|UTC|[AP]M|[+-]\d\d:?\d\d))?[\])]?[EWID]?:?(?:[ \t]?[:|-][ \t]{1,2}|[ \t])?/,
  // A stamp in seconds or milliseconds, behind a mark of its own.
  /^[_a-z;]{0,8}=?\d{10,16}(?:[;:,]|(?=\D|$))/,
  // Seconds since the start.
  /^[[(]\s{0,6}\d{1,6}\.\d{1,6}s?[\])][ \t]/,
  // Marks of the stream, where output and errors are kept apart.
  /^\d\d[OE]\+?[ \t]?(?=\S|$)/,
  /^(?:stdout|stderr|out|err)[ :|>]{1,3}/,
  // A step or a service whose output is relayed.
  /^#\d{1,4} \d{1,6}\.\d{1,3} /,
  /^[\w.@/-]{1,60}\s{0,30}\| ?/,
  /^\[(?:Step \d{1,3}\/\d{1,3}|[\w.@-]{1,40}\/[\w.@/-]{1,60})\] /,
];

/** Share of the lines that must carry a prefix before it counts as one. */
const SHARE = 0.6;
const FEW = 4;
/** Lines that are asked whether they carry it. */
const SAMPLE = 4_000;
/** Prefixes that may be stacked. */
const STACKED = 3;

/**
 * Takes off what most lines start with and no program printed, learned from the lines themselves: which CI or relay made the log
 * is not asked. Stacked prefixes come off one after the other, an indentation of all lines at last. Returns the very list when
 * there is nothing to take off.
 */
export function withoutPrefixes(lines: readonly string[]): readonly string[] {
  let rest = lines;
  for (let round = 0; round < STACKED; round++) {
    const pattern = CANDIDATES.find((candidate) => isShared(candidate, rest));
    if (!pattern) break;
    rest = rest.map((line) => line.replace(pattern, ""));
  }
  const indent = sharedIndent(rest);
  return indent < 2 ? rest : rest.map((line) => line.slice(Math.min(indent, indentOf(line))));
}

function isShared(pattern: RegExp, lines: readonly string[]): boolean {
  let told = 0;
  let have = 0;
  const stride = Math.ceil(lines.length / SAMPLE);
  for (let at = 0; at < lines.length; at += stride) {
    const line = lines[at]!;
    if (line === "" || line.trim() === "") continue;
    told++;
    if (pattern.test(line)) have++;
  }
  return told >= FEW && have / told >= SHARE;
}

function sharedIndent(lines: readonly string[]): number {
  let least = Number.POSITIVE_INFINITY;
  for (const line of lines) {
    if (line.trim() !== "") least = Math.min(least, indentOf(line));
    if (least === 0) return 0;
  }
  return lines.length < FEW || !Number.isFinite(least) ? 0 : least;
}

const indentOf = (line: string): number => line.length - line.trimStart().length;
