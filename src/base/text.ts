const ESCAPES =
  /(?:\u001b|\u009b)(?:\[[0-9;?<>=]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[PX^_][^\u001b]*\u001b\\|[@-Z\\-_])?/g;
// C0 and C1 controls (tab and newline are handled by the caller), bidirectional overrides and other invisible marks.
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** Text from outside made safe for a terminal or a prompt: no escape sequence, no control character; newlines and tabs stay. */
export function stripControls(text: string): string {
  return text.replace(ESCAPES, "").replace(CONTROLS, "");
}

/** The same on one line, clipped to `max` characters with an ellipsis. */
export function oneLine(text: string, max = 200): string {
  const line = stripControls(text.replace(/[\r\n\t]+/g, " ")).trim();
  return line.length <= max ? line : `${line.slice(0, max - 1)}…`;
}

/** A number of things: `1 file`, `2 files`. */
export function counted(count: number, thing: string, things = `${thing}s`): string {
  return `${count} ${count === 1 ? thing : things}`;
}

/** A file name made of `text`: letters, digits, dot, dash and underscore, never empty, never hidden, at most 80 characters. */
export function slug(text: string): string {
  const name = text
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[.-]+/, "")
    .slice(0, 80);
  return name || "x";
}
