/** Text as roff shows it: no character is a command of its own, and dashes are those that people type. */
export function roffText(text: string): string {
  return text
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replace(/^(?=[.'])/gm, "\\&")
    .replace(/[^\n -~]/gu, (char) => `\\[u${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}]`);
}

/** A section with its paragraphs; nothing where there are none. */
export function section(title: string, parts: readonly string[]): string {
  return parts.length === 0 ? "" : [`.SH ${title}`, ...parts].join("\n");
}

/** Entries of a list: what, in bold, and what it means. */
export function list(entries: readonly (readonly [string, string])[]): readonly string[] {
  return entries.flatMap(([term, text]) => [".TP", `\\fB${roffText(term)}\\fR`, roffText(text)]);
}

/** Lines that are shown as they are. */
export function verbatim(lines: readonly string[]): readonly string[] {
  return [".PP", ".nf", ...lines.map(roffText), ".fi"];
}
