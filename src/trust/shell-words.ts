/** One simple command of a shell text: its words, quotes taken off. */
export type Words = readonly string[];

/** Words behind which another command begins. */
const BREAKS = new Set(["-exec", "-execdir", "-ok", "-okdir", "xargs", "parallel", "then", "do", "else", "&&", "||"]);

/**
 * The simple commands that a shell text contains, also those inside quotes and substitutions. Meant to find all of them rather than
 * to be exact: what is no command names nothing that exists.
 */
export function commandsOf(text: string): readonly Words[] {
  const lines = text
    .replace(/\\\r?\n/g, " ")
    .split(/[\n;&|()`{}]+|\$\(/)
    .map((line) => line.trim());
  return [...new Set(lines)]
    .flatMap((line) => (line.startsWith("#") ? [] : broken(wordsOf(line))))
    .filter((words) => words.length > 0);
}

/** The words of a line; what an output goes to is none of them, and a variable in front of a path is left out. */
function wordsOf(line: string): string[] {
  const words = line
    .replace(/(?:\d|&)?>{1,2}\s*(?:&\d|[^\s<>]+)/g, " ")
    .replace(/^\s*[@+-]+(?=\S)/, "")
    .split(/[\s"'<>,\\]+/)
    .map((word) => word.replace(/^(?:\$\w+|\$?\{\w+\}|\$\(\w+\)|%\w+%|__dirname|%~dp0)[\\/]/, "./"))
    .filter((word) => word !== "");
  return words;
}

function broken(words: readonly string[]): string[][] {
  const parts: string[][] = [[]];
  for (const word of words) {
    if (BREAKS.has(word)) parts.push([]);
    else parts.at(-1)?.push(word);
  }
  return parts;
}

/** Names in quotes, or with escaped spaces, that are more than one word. */
export function quotedNames(text: string): readonly string[] {
  const quoted = [...text.matchAll(/"([^"\n]{1,300})"|'([^'\n]{1,300})'/g)].map(([, a, b]) => a ?? b ?? "");
  const escaped = [...text.matchAll(/(?:[^\s"'\\]|\\ ){1,300}/g)].map(([word]) => word.replaceAll("\\ ", " "));
  return [...new Set([...quoted, ...escaped])].filter((name) => name.trim().includes(" "));
}

/** Whether a word sets a variable for the command behind it. */
export function isAssignment(word: string): boolean {
  return /^[A-Za-z_]\w*(?:[?:+!]{0,3}=)/.test(word);
}
