/** Deepest nesting that is followed; beyond it a quote was left open. */
export const MAX_DEPTH = 20;

/** Where the text of a shell line that opens before `from` ends: the index of what closes it, or the line's length. */
export function endOf(line: string, from: number, mark: string): number {
  const at = line.indexOf(mark, from);
  return at < 0 ? line.length : at;
}

/** The end of `$'…'`, in which a backslash stands before a quote. */
export function endOfAnsi(line: string, from: number): number {
  for (let index = from; index < line.length; index++) {
    if (line[index] === "\\") index++;
    else if (line[index] === "'") return index;
  }
  return line.length;
}

/** The end of a text in double quotes. */
export function endOfDouble(line: string, from: number, nested = 0): number {
  for (let index = from; index < line.length; index++) {
    if (line[index] === "\\") index++;
    else if (line[index] === "$" && line[index + 1] === "(") index = endOfParenthesis(line, index + 2, nested + 1);
    else if (line[index] === '"') return index;
  }
  return line.length;
}

/** The end of `$(…)`: the parenthesis that no quote, comment or here-document holds. */
export function endOfParenthesis(line: string, from: number, nested = 0): number {
  if (nested > MAX_DEPTH) return line.length;
  let documents: HereDocument[] = [];
  for (let index = from, depth = 1; index < line.length; index++) {
    const char = line[index];
    if (char === "\\") index++;
    else if (char === "'") index = line[index - 1] === "$" ? endOfAnsi(line, index + 1) : endOf(line, index + 1, "'");
    else if (char === '"') index = endOfDouble(line, index + 1, nested);
    else if (char === "#" && /[\s;(]/.test(line[index - 1] ?? " ")) index = endOf(line, index, "\n") - 1;
    else if (char === "<" && hereDocumentAt(line, index)) {
      const document = hereDocumentAt(line, index);
      if (document) documents = [...documents, document];
      index = (document?.end ?? index + 1) - 1;
    } else if (char === "\n" && documents.length > 0) {
      index = bodiesOf(line, index + 1, documents).end - 1;
      documents = [];
    } else if (char === "(") depth++;
    else if (char === ")" && --depth === 0) return index;
  }
  return line.length;
}

/** `<<EOF`, `<<-EOF`, `<<'EOF'`: the lines after this one, up to the word, are input. */
export interface HereDocument {
  readonly word: string;
  /** Tabs before the word and the lines do not count. */
  readonly indented: boolean;
  /** The shell expands nothing in it. */
  readonly quoted: boolean;
  /** Where the operator and its word end. */
  readonly end: number;
}

/** The here-document that is announced at a `<`, or null; `<<<` announces none. */
export function hereDocumentAt(line: string, at: number): HereDocument | null {
  const operator = /(?<!<)<<(-?)(?!<)[ \t]*((?:\\.|'[^'\n]*'|"[^"\n]*"|[^\s;&|()<>'"\\])+)/y;
  operator.lastIndex = at;
  const [, dash, written] = operator.exec(line) ?? [];
  if (written === undefined) return null;
  const word = written.replace(/['"\\]/g, "");
  return { word, indented: dash === "-", quoted: word !== written, end: operator.lastIndex };
}

/** The texts of here-documents whose lines begin at `from`, and where the line after them begins. */
export function bodiesOf(
  line: string,
  from: number,
  documents: readonly HereDocument[],
): { readonly bodies: readonly string[]; readonly end: number } {
  let at = from;
  const bodies = documents.map(({ word, indented }) => {
    const rows: string[] = [];
    while (at < line.length) {
      const end = endOf(line, at, "\n");
      const row = indented ? line.slice(at, end).replace(/^\t+/, "") : line.slice(at, end);
      at = end + 1;
      if (row === word) break;
      rows.push(row);
    }
    return rows.join("\n");
  });
  return { bodies, end: at };
}
