import { languageOfProgram } from "../executes.ts";
import { withValues } from "./variables.ts";

/** One simple command of a shell text: its words, quotes taken off. */
export type Words = readonly string[];

/** Words behind which another command begins. */
const BREAKS = new Set(["-exec", "-execdir", "-ok", "-okdir", "xargs", "parallel", "then", "do", "else", "&&", "||"]);

/**
 * The simple commands that a shell text contains, also those inside quotes and substitutions. Meant to find all of them rather than
 * to be exact: what is no command names nothing that exists.
 */
export function commandsOf(text: string): readonly Words[] {
  const joined = text.replace(/\\\r?\n/g, " ");
  const valued = withValues(joined);
  const lines = [joined, ...(valued === joined ? [] : [valued])].flatMap((form) =>
    form.split(/[\n;&|()`{}]+|\$\(/).map((line) => line.trim()),
  );
  // A variable with text behind it is one word, and so are the alternatives of `{a,b}`.
  const whole = valued.split(/[\n;&|()`]+/).map((line) => line.trim());
  return [...new Set([...lines, ...whole.filter((line) => /[{"'\\]/.test(line))])]
    .flatMap((line) =>
      line.startsWith("#") ? [] : [...broken(wordsOf(line, SPLIT)), ...broken(wordsOf(unquoted(line), BLANKS))],
    )
    .filter((words) => words.length > 0);
}

const SPLIT = /[\s"'<>,\\]+/;
const BLANKS = /[\s<>]+/;

/** A line as its words are without quotes; the same line, which gives nothing more, becomes empty. */
function unquoted(line: string): string {
  return /["'\\,]/.test(line) ? line.replace(/["'\\]/g, "") : "";
}

/** The words of a line; what an output goes to is none of them, and a variable in front of a path is left out. */
function wordsOf(line: string, separators: RegExp): string[] {
  const words = line
    .replace(/(?:\d|&)?>{1,2}\s*(?:&\d|[^\s<>]+)/g, " ")
    .replace(/^\s*[@+-]+(?=\S)/, "")
    .split(separators)
    .map((word) => word.replace(/^(?:\$\w+|\$?\{\w+\}|\$\(\w+\)|%\w+%|__dirname|%~dp0|~[+-]?)[\\/]/, "./"))
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

/** A program text in a shell text; its language where that is said. */
export interface Inline {
  readonly text: string;
  readonly language: string | null;
}

/** Program text that a command hands to an interpreter itself: behind `-e`, in a here-document, in a recipe with a line `#!`. */
export function inlinePrograms(text: string): readonly Inline[] {
  const options =
    /\s-{1,2}(?:[A-Za-z]{0,3}[ecpEr]|eval|print|command)[\s=]+(?:"((?:[^"\\]|\\.){1,20000})"|'([^']{1,20000})')/g;
  const found = [...text.matchAll(options)].map(([, double, single]) => double?.replaceAll("\\", "") ?? single ?? "");
  const said = [...text.matchAll(/^[ \t]*#!([^\n]{1,300})/gm)].flatMap(
    ([, line = ""]) => languageOfProgram(line) ?? [],
  );
  return [
    ...[...found, ...hereDocuments(text)].map((one) => ({ text: one, language: null })),
    ...[...new Set(said)].map((language) => ({ text, language })),
  ];
}

function hereDocuments(text: string): string[] {
  const lines = text.split(/\r?\n/);
  const bodies: string[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const mark = /<<-?\s*["']?(\w{1,40})/.exec(lines[at] ?? "")?.[1];
    if (mark === undefined) continue;
    const start = at + 1;
    do at += 1;
    while (at < lines.length && lines[at]?.trim() !== mark);
    bodies.push(lines.slice(start, at).join("\n"));
  }
  return bodies;
}

/** Whether a word sets a variable for the command behind it. */
export function isAssignment(word: string): boolean {
  return /^[A-Za-z_]\w*(?:[?:+!]{0,3}=)/.test(word);
}
