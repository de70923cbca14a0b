/** One word for a POSIX shell. */
export function shellQuote(text: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** What {@link shellQuote} was given, or undefined when `text` is not one word quoted by it. */
export function shellUnquote(text: string): string | undefined {
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(text)) return text;
  return /^'(?:[^']|'\\'')*'$/.test(text) ? text.slice(1, -1).replaceAll("'\\''", "'") : undefined;
}
