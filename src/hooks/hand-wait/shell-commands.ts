/** One simple command of a shell line: its words without quotes, assignments and keywords. */
export interface SimpleCommand {
  readonly words: readonly string[];
  /** Inside `while`, `until` or `for`. */
  readonly inLoop: boolean;
}

const KEYWORDS = new Set(["do", "then", "else", "elif", "if", "while", "until", "!", "{", "(", "time"]);
const LOOPS = new Set(["while", "until", "for"]);
const RUNNERS = new Set(["command", "env", "exec", "nohup", "sudo"]);
const SHELLS = /^(?:.*\/)?(?:ba|da|z)?sh$/;

/**
 * The simple commands of a shell line, in order, those in `$(…)`, backticks and `sh -c '…'` too. Good enough to say what a
 * line runs; it expands nothing, and what it cannot read it leaves out.
 */
export function simpleCommands(line: string, inLoop = false): SimpleCommand[] {
  const out: SimpleCommand[] = [];
  let depth = inLoop ? 1 : 0;
  for (const { words, inner } of split(line)) {
    for (const word of words) {
      if (LOOPS.has(word)) depth++;
      if (word === "done") depth = Math.max(inLoop ? 1 : 0, depth - 1);
      if (!KEYWORDS.has(word) && word !== "done") break;
    }
    const bare = strip(words);
    const script = shellScript(bare);
    if (script !== undefined) out.push(...simpleCommands(script, depth > 0));
    else if (bare.length > 0) out.push({ words: bare, inLoop: depth > 0 });
    for (const text of inner) out.push(...simpleCommands(text, depth > 0));
  }
  return out;
}

function strip(words: readonly string[]): string[] {
  let rest = [...words];
  if (rest[0] === "for" || rest[0] === "done" || rest[0] === "fi" || rest[0] === "}" || rest[0] === ")") return [];
  for (let changed = true; changed && rest.length > 0; ) {
    changed = true;
    const first = rest[0] ?? "";
    if (KEYWORDS.has(first) || RUNNERS.has(first) || /^[A-Za-z_]\w*=/.test(first)) rest = rest.slice(1);
    else if (first === "timeout")
      rest = rest.slice(rest.findIndex((word, index) => index > 0 && !word.startsWith("-")) + 1);
    else changed = false;
  }
  return rest;
}

function shellScript(words: readonly string[]): string | undefined {
  if (!SHELLS.test(words[0] ?? "")) return undefined;
  const flag = words.findIndex((word) => /^-\w*c$/.test(word));
  return flag > 0 ? words[flag + 1] : undefined;
}

interface Segment {
  readonly words: string[];
  /** Texts of command substitutions. */
  readonly inner: string[];
}

/** Cuts a line at `;`, `&`, `|`, newlines and parentheses that are not quoted. */
function split(line: string): Segment[] {
  const segments: Segment[] = [];
  let current: Segment = { words: [], inner: [] };
  let word: string | null = null;
  const endWord = () => {
    if (word !== null) current.words.push(word);
    word = null;
  };
  const endSegment = () => {
    endWord();
    if (current.words.length > 0 || current.inner.length > 0) segments.push(current);
    current = { words: [], inner: [] };
  };
  for (let index = 0; index < line.length; index++) {
    const char = line[index] ?? "";
    if (char === "\\") word = (word ?? "") + (line[++index] ?? "");
    else if (char === "'") {
      const end = endOf(line, index + 1, "'");
      word = (word ?? "") + line.slice(index + 1, end);
      index = end;
    } else if (char === '"') {
      const end = endOfDouble(line, index + 1);
      const text = line.slice(index + 1, end);
      current.inner.push(...substitutions(text));
      word = (word ?? "") + text.replace(/\\(["\\$`])/g, "$1");
      index = end;
    } else if (char === "$" && line[index + 1] === "(") {
      const end = endOfParenthesis(line, index + 2);
      current.inner.push(line.slice(index + 2, end));
      word = `${word ?? ""}$()`;
      index = end;
    } else if (char === "`") {
      const end = endOf(line, index + 1, "`");
      current.inner.push(line.slice(index + 1, end));
      word = `${word ?? ""}$()`;
      index = end;
    } else if (char === "#" && word === null) index = endOf(line, index, "\n") - 1;
    else if (/[;\n|()]/.test(char) || (char === "&" && !/[<>]/.test(line[index - 1] ?? "") && line[index + 1] !== ">"))
      endSegment();
    else if (/\s/.test(char)) endWord();
    else word = (word ?? "") + char;
  }
  endSegment();
  return segments;
}

function endOf(line: string, from: number, mark: string): number {
  const at = line.indexOf(mark, from);
  return at < 0 ? line.length : at;
}

function endOfDouble(line: string, from: number): number {
  for (let index = from; index < line.length; index++) {
    if (line[index] === "\\") index++;
    else if (line[index] === "$" && line[index + 1] === "(") index = endOfParenthesis(line, index + 2);
    else if (line[index] === '"') return index;
  }
  return line.length;
}

function endOfParenthesis(line: string, from: number): number {
  for (let index = from, depth = 1; index < line.length; index++) {
    if (line[index] === "'") index = endOf(line, index + 1, "'");
    else if (line[index] === "(") depth++;
    else if (line[index] === ")" && --depth === 0) return index;
  }
  return line.length;
}

function substitutions(text: string): string[] {
  const out: string[] = [];
  for (let index = 0; index < text.length; index++) {
    if (text[index] === "\\") index++;
    else if (text[index] === "$" && text[index + 1] === "(") {
      const end = endOfParenthesis(text, index + 2);
      out.push(text.slice(index + 2, end));
      index = end;
    } else if (text[index] === "`") {
      const end = endOf(text, index + 1, "`");
      out.push(text.slice(index + 1, end));
      index = end;
    }
  }
  return out;
}
