/** Escape sequences of a terminal. What one carries ends with its line, so that an unfinished one takes nothing more with it. */
const ESCAPES =
  /(?:\u001b\[|\u009b)[0-9;:?<>=]*[ -/]*[@-~]|[\u001b\u009b](?:\][^\u0007\u001b\n]*(?:\u0007|\u001b\\)?|[PX^_][^\u001b\n]*(?:\u001b\\)?|[()][A-Z0-9]|[=>NOMDEHc78])?/g;
/**
 * An emoji with its joiners and variation selectors (kept); or C0 and C1 controls (tab and newline stay), line and paragraph separators,
 * and all that Unicode draws as nothing: bidirectional marks, tags, fillers, joiners between anything else.
 */
const UNSEEN =
  /(\p{Extended_Pictographic}(?:\ufe0f|\p{Emoji_Modifier})?(?:\u200d\p{Extended_Pictographic}(?:\ufe0f|\p{Emoji_Modifier})?){0,10})|[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;
/** Most text has little else than these. */
const OTHER = /[^\t\n\u0020-\u007e]+/g;
/**
 * Text from outside made safe for a terminal, a prompt or a model: no escape sequence, no control character, nothing that is not seen.
 * Newlines and tabs stay (a carriage return becomes a newline), and so do joiners and variation selectors that belong to an emoji.
 */
export function stripControls(text: string): string {
  let clean = text;
  if (/[\u001b\u009b]/.test(clean)) clean = clean.replace(ESCAPES, "");
  if (clean.includes("\r")) clean = clean.replace(/\r\n?/g, "\n");
  return clean.replace(OTHER, seenOf);
}

/** The same few letters make up most of a text that is not English. */
const told = new Map<string, string>();

/** What is seen of a run of characters other than ASCII's. */
function seenOf(run: string): string {
  const known = told.get(run);
  if (known !== undefined) return known;
  const seen = run.replace(UNSEEN, "$1");
  if (told.size >= 500) told.clear();
  if (run.length <= 12) told.set(run, seen);
  return seen;
}

/** Line ends and tabs of text that is shown as it is. */
const PLAIN_GAPS = new Set(["\n", "\t"]);

/**
 * Text shown so that nothing of it is unseen and nothing is changed: each character that a reader would not see, or take for a plain
 * space, stands as `\u{202e}`. For what somebody is asked to agree to.
 */
export function visible(text: string): string {
  return text.replace(/[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/gu, (char) =>
    char === " " || PLAIN_GAPS.has(char) ? char : `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** Text of {@link stripControls} on one line, clipped to `max` characters with an ellipsis. */
export function oneLine(text: string, max = 200): string {
  const line = stripControls(text.replace(/[\r\n\t]+/g, " ")).trim();
  return line.length <= max ? line : `${line.slice(0, max - 1)}…`;
}

/** What readers may take for a double quote: those of all scripts, and signs that look like one. */
const DOUBLE_QUOTES = /["“”„‟«»‹›〝〞〟＂″‶❝❞⹂״ˮ\u{1f676}-\u{1f678}]/gu;

/** Text with every sign that may be taken for a double quote as `mark`, so that it closes no quotes that it stands in. */
export function withoutQuotes(text: string, mark: string): string {
  return text.replace(DOUBLE_QUOTES, mark);
}

/** A name from outside on one line, in quotes that it cannot close. */
export function quote(name: string, max = 60): string {
  return `"${oneLine(withoutQuotes(name, "'"), max)}"`;
}

/** What a path consists of that reads as nothing else. */
const PLAIN_PATH = /^[\p{L}\p{N}_@.+~/()[\]-]+$/u;

/** A path from outside: as it is, or in quotes where it could read as a sentence. */
export function pathName(path: string, max = 80): string {
  const line = oneLine(path, max);
  return PLAIN_PATH.test(line.replace(/…$/, "")) ? line : quote(path, max);
}

/** A number of things: `1 file`, `2 files`. */
export function counted(count: number, thing: string, things = `${thing}s`): string {
  return `${count} ${thingOf(count, thing, things)}`;
}

/** The word alone, for so many of them. */
export function thingOf(count: number, thing: string, things = `${thing}s`): string {
  return count === 1 ? thing : things;
}

/** A file name made of `text`: letters, digits, dot, dash and underscore, never empty, never hidden, at most 80 characters. */
export function slug(text: string): string {
  const name = text
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[.-]+/, "")
    .slice(0, 80);
  return name || "x";
}
