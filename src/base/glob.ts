/**
 * THE MEANING OF A GLOB, the same wherever a configuration names paths:
 *
 * - `*` stands for anything within a segment, `?` for one character, `[a-z]` for one of a set, `{a,b}` for either, `**` for any
 *   number of segments (beside other text it crosses them, too: `docs/**.md`);
 * - a pattern with a slash starts at the repository's root, one without stands for that name in any folder;
 * - what is matched may be a folder: everything in it is meant, too (`infra/`, `infra` and `infra/**`);
 * - case does not count (on some disks `claude.md` is `CLAUDE.md`), nor does `./` or `/` in front; files with a leading dot match;
 * - text that is written like a set is also meant literally, as in `app/[slug]/page.tsx`.
 *
 * Matching takes time in proportion to the pattern's length times the path's: patterns come from outside, and a regular
 * expression made of one can take for ever.
 */

/** Alternatives that the braces of one pattern may come to. */
const MAX_ALTERNATIVES = 256;
const MAX_LENGTH = 1_000;

/** Normalizes a path of a policy, an item or git: forward slashes, no `./`, `..` resolved, never above the root. */
export function normalPath(path: string): string {
  const kept: string[] = [];
  for (const part of path.replaceAll("\\", "/").split("/")) {
    if (part === "..") kept.pop();
    else if (part && part !== ".") kept.push(part);
  }
  return kept.join("/");
}

/** Whether `path` is meant by one of `patterns`. A pattern that {@link globProblem} refuses means nothing. */
export function underAny(path: string, patterns: readonly string[]): boolean {
  if (patterns.length === 0) return false;
  const segments = normalPath(path).toLowerCase().split("/");
  return patterns.some((pattern) => compiled(pattern).some((parts) => wild(parts, segments)));
}

/** Whether `*` in a pattern, standing for any text, makes it the whole of `text`: for names that are no paths. */
export function isNamedBy(pattern: string, text: string): boolean {
  return wild(tokensOf(pattern, false), [...text]);
}

/** Why a pattern can match no path, as the end of "wanted …"; null when it can. */
export function globProblem(pattern: string): string | null {
  if (pattern.length > MAX_LENGTH) return `a pattern of at most ${MAX_LENGTH} characters`;
  if (pattern.startsWith("!")) return 'a pattern without "!": nothing can be taken out of a list';
  const foreign = foreignSign(pattern);
  if (foreign !== null) return foreign;
  const alternatives = expand(pattern);
  if (alternatives === null) return 'a pattern whose "{" and "}" belong together, with at most 256 alternatives';
  if (alternatives.some(leadsOut)) return "a pattern that names a path inside the repository";
  if (alternatives.every((one) => normalPath(one) === "")) return "a pattern that names a path inside the repository";
  return null;
}

/** A sign of other glob dialects, which as plain text would silently match nothing; null when there is none. */
function foreignSign(pattern: string): string | null {
  if (/^(?:~|[a-z]:)[/\\]/i.test(pattern)) return "a pattern that names a path inside the repository";
  if (pattern.includes("!(") || /\([^()]*\|[^()]*\)/.test(pattern)) return 'a pattern with "{a,b}" in place of "(a|b)"';
  const range = /\{\w+\.\.\w+\}/.exec(pattern);
  if (range) return `a pattern with every choice written out, as in "{1,2,3}", in place of "${range[0]}"`;
  const named = /\[:\w*:\]/.exec(pattern);
  if (named) return `a pattern with a set such as "[a-z0-9]" in place of "${named[0]}"`;
  return pattern.split(/[/\\]/).some(hasOpenSet) ? 'a pattern with a "]" for every "["' : null;
}

function hasOpenSet(segment: string): boolean {
  let open = 0;
  for (const char of segment) {
    if (char === "[") open += 1;
    if (char === "]") open -= 1;
    if (open < 0) return true;
  }
  return open > 0;
}

function leadsOut(path: string): boolean {
  let depth = 0;
  return path
    .replaceAll("\\", "/")
    .split("/")
    .some((part) => {
      if (part === "..") depth -= 1;
      else if (part && part !== ".") depth += 1;
      return depth < 0;
    });
}

/** A part of a pattern: what one element (a character, a segment) must be, or any number of them. */
export type Part<T> = { readonly many: true } | { readonly many: false; readonly is: (element: T) => boolean };

/**
 * Whether parts match all of the elements, from left to right. Backtracking to the last `many` suffices: whatever an earlier one could
 * match, the last one can too.
 */
export function wild<T>(parts: readonly Part<T>[], elements: readonly T[]): boolean {
  let [part, element, back, from] = [0, 0, -1, 0];
  while (element < elements.length) {
    const here = parts[part];
    if (here?.many) {
      back = part;
      from = element;
      part += 1;
    } else if (here?.is(elements[element] as T)) {
      part += 1;
      element += 1;
    } else if (back >= 0) {
      from += 1;
      element = from;
      part = back + 1;
    } else return false;
  }
  while (parts[part]?.many) part += 1;
  return part === parts.length;
}

const cache = new Map<string, readonly (readonly Part<string>[])[]>();

function compiled(pattern: string): readonly (readonly Part<string>[])[] {
  const known = cache.get(pattern);
  if (known) return known;
  const alternatives = globProblem(pattern) === null ? (expand(pattern) ?? []) : [];
  const made = alternatives.filter((one) => normalPath(one) !== "").map(segmentsOf);
  if (cache.size >= 1_000) cache.clear();
  cache.set(pattern, made);
  return made;
}

const ANY: Part<string> = { many: true };

function segmentsOf(pattern: string): readonly Part<string>[] {
  // At the beginning of a segment or at its end `**` leaves the rest of it to a segment of its own.
  const spread = pattern.replace(/(?<=^|\/)\*{2,}(?=[^/*])/g, "**/*").replace(/(?<=[^/*])\*{2,}(?=\/)/g, "*/**");
  const names = normalPath(spread.toLowerCase()).split("/");
  const parts = names.map((name, index) => (name === "**" && index < names.length - 1 ? ANY : segment(name)));
  const anywhere = names.length === 1 ? [ANY] : [];
  // What is matched may be a folder. A last `**` stands for what is in one, not for the folder itself.
  return [...anywhere, ...parts, ANY];
}

function segment(name: string): Part<string> {
  const tokens = tokensOf(name, true);
  return { many: false, is: (text) => text === name || wild(tokens, [...text]) };
}

function tokensOf(pattern: string, sets: boolean): readonly Part<string>[] {
  const tokens: Part<string>[] = [];
  const chars = [...pattern];
  for (let at = 0; at < chars.length; at += 1) {
    const char = chars[at] ?? "";
    const end = sets && char === "[" ? chars.indexOf("]", at + 2) : -1;
    if (char === "*") tokens.push(ANY);
    else if (sets && char === "?") tokens.push({ many: false, is: () => true });
    else if (end > 0) {
      tokens.push({ many: false, is: oneOf(chars.slice(at + 1, end)) });
      at = end;
    } else tokens.push({ many: false, is: (text) => text === char });
  }
  return tokens;
}

/** A set such as `[a-z_]` or `[!0-9]`. */
function oneOf(set: readonly string[]): (char: string) => boolean {
  const not = set[0] === "!" || set[0] === "^";
  const members = not ? set.slice(1) : set;
  return (char) => {
    let found = false;
    for (let at = 0; at < members.length; at += 1) {
      const [low = "", dash, high] = members.slice(at, at + 3);
      if (dash === "-" && high !== undefined) {
        found ||= char >= low && char <= high;
        at += 2;
      } else found ||= char === low;
    }
    return found !== not;
  };
}

/** Braces that are part of a name, while others are written out. */
const NAMED: Readonly<Record<string, string>> = { "{": "\u0001", "}": "\u0002", "\u0001": "{", "\u0002": "}" };

/**
 * The alternatives that the braces of a pattern stand for; null when they do not belong together or are too many. Braces around
 * a single choice may also be part of a name (`{{cookiecutter.slug}}`), and `**` amid other text may cross segments or not.
 */
function expand(pattern: string): readonly string[] | null {
  let done: string[] = [];
  const open = [pattern];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    const inner = /\{([^{}]*)\}|(?<=[^/*])\*{2,}(?=[^/*])/.exec(one);
    if (inner === null) done = [...done, one];
    else {
      const [before, after] = [one.slice(0, inner.index), one.slice(inner.index + inner[0].length)];
      open.push(...choicesOf(inner[1]).map((choice) => `${before}${choice}${after}`));
    }
    if (done.length + open.length > MAX_ALTERNATIVES) return null;
  }
  if (done.some((one) => /[{}]/.test(one))) return null;
  return done.map((one) => one.replace(/[\u0001\u0002]/g, (brace) => NAMED[brace] ?? ""));
}

/** The choices of what stands in braces; of a `**` without any. */
function choicesOf(inside: string | undefined): readonly string[] {
  if (inside === undefined) return ["*", "*/**/*"];
  return inside.includes(",") ? inside.split(",") : [inside, `${NAMED["{"]}${inside}${NAMED["}"]}`];
}
