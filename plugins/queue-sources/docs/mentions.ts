import { type Exec, oneLine, UnavailableError } from "../../../src/plugin.ts";
import { isProse, type Term } from "./terms.ts";

/** A line that speaks of a term. */
export interface Mention {
  readonly file: string;
  readonly line: number;
  readonly term: Term;
}

/** History and what machines write: nobody mends these. */
const NEVER = [
  "*.lock",
  "package-lock.json",
  "pnpm-lock.yaml",
  "go.sum",
  "*.min.*",
  "*.map",
  "*.snap",
  "*.svg",
  "*.patch",
  "*.diff",
  "*CHANGELOG*",
  "*HISTORY*",
  "*RELEASES*",
  "*.jsonl",
  "*.log",
  "*.ipynb",
  "node_modules/**",
  "**/node_modules/**",
  "vendor/**",
  "**/vendor/**",
  "dist/**",
  "third_party/**",
  ".changeset/**",
].map((path) => `:(exclude,icase,glob)${path.includes("/") ? path : `**/${path}`}`);
const PROSE = ["*.md", "*.mdx", "*.markdown", "*.rst", "*.adoc", "*.txt"];
const MAX_OUTPUT = 4 << 20;
/** A term in more files than this is an ordinary word of the project. */
const TOO_COMMON = 25;

/**
 * Where the files of a repository speak of the terms, outside `changed`. Prose is searched for all of them; other files for
 * paths, flags and what is gone: a symbol that still exists is used there rightly.
 */
export async function findMentions(
  exec: Exec,
  root: string,
  terms: readonly Term[],
  changed: ReadonlySet<string>,
): Promise<readonly Mention[]> {
  const elsewhere = terms.filter(({ kind, gone }) => gone || kind !== "symbol");
  const [prose, other] = await Promise.all([
    grep(
      exec,
      root,
      terms,
      PROSE.map((path) => `:(icase)${path}`),
    ),
    grep(
      exec,
      root,
      elsewhere,
      PROSE.map((path) => `:(exclude,icase)${path}`),
    ),
  ]);
  const mentions = [...prose, ...other].filter(({ file }) => !changed.has(file));
  const files = new Map<string, Set<string>>();
  for (const { term, file } of mentions) files.set(term.text, (files.get(term.text) ?? new Set()).add(file));
  return mentions.filter(({ term }) => (files.get(term.text)?.size ?? 0) <= TOO_COMMON);
}

async function grep(
  exec: Exec,
  root: string,
  terms: readonly Term[],
  pathspecs: readonly string[],
): Promise<readonly Mention[]> {
  if (terms.length === 0) return [];
  const words = [...new Set(terms.map(searchWord))].map((word) => word.replace(/[.+*?^$(){}|[\]\\]/g, "\\$&"));
  const args = (engine: string) => [
    "git",
    "grep",
    "-nzI",
    "--no-color",
    engine,
    "-e",
    words.join("|"),
    "--",
    ...pathspecs,
    ...NEVER,
  ];
  const options = { cwd: root, timeoutMs: 15_000, maxBytes: MAX_OUTPUT };
  let result = await exec(args("-P"), options);
  // A git built without Perl's expressions can do the same more slowly.
  if (result.code === 128 || result.code === 129) result = await exec(args("-E"), options);
  if (result.code === 1) return [];
  // Each row ends in a newline: what follows the last one was cut off.
  const rows = result.stdout
    .split("\n")
    .slice(0, -1)
    .map((row) => row.split("\0"));
  // Found, it says, but nothing that can be read; or it did not come to its end: that is not "nothing".
  if ((result.code !== 0 && !result.truncated) || !rows.some((row) => row.length === 3)) {
    throw new UnavailableError(
      result.timedOut ? "git grep took too long" : `git grep failed: ${oneLine(result.stderr) || "no words"}`,
    );
  }
  return rows.flatMap((row) => readRow(row, terms));
}

function readRow([file = "", line = "", text = ""]: readonly string[], terms: readonly Term[]): readonly Mention[] {
  if (!text || text.length > 2_000 || isImport(file, text)) return [];
  return terms.flatMap((term) => (speaksOf(text, file, term) ? [{ file, line: Number(line), term }] : []));
}

/** An import of a file is checked by the compiler. */
function isImport(file: string, text: string): boolean {
  return !isProse(file) && /\b(?:import|from|require|include|use|mod)\b.*["'<]/.test(text);
}

/** What to search for: the rest of a path is compared here, as it may be written relative to the file. */
function searchWord({ kind, text }: Term): string {
  return kind === "file" ? (text.split("/").at(-1) ?? text) : text;
}

/** Base names that hundreds of files have: their folder must be named too. */
const COMMON_NAME =
  /^(?:index|main|mod|lib|init|__init__|types?|utils?|config|package|readme|license|setup|test|app)\.|^(?:Dockerfile|Makefile|LICENSE)$/i;

function speaksOf(text: string, file: string, { kind, text: term }: Term): boolean {
  if (kind !== "file") return wholeWord(text, term);
  const name = term.split("/").at(-1) ?? term;
  const pattern = new RegExp(
    `(?<![\\w-])((?:[\\w.@-]+/)*)${name.replace(/[.+*?^$(){}|[\]\\]/g, "\\$&")}(?![\\w-]|\\.\\w)`,
    "g",
  );
  for (const [, folders = ""] of text.matchAll(pattern)) {
    const path = folders.replace(/^(?:\.{0,2}\/)+/, "");
    if (path === "") {
      const relative = folders === "" ? "" : resolveFrom(file, `${folders}${name}`);
      if (relative === term || (folders === "" && !COMMON_NAME.test(name) && name.length >= 6)) return true;
    } else if (term === `${path}${name}` || term.endsWith(`/${path}${name}`)) return true;
  }
  return false;
}

function resolveFrom(file: string, path: string): string {
  const parts = file.split("/").slice(0, -1);
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
}

function wholeWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const before = text[at - 1] ?? " ";
    const after = text[at + word.length] ?? " ";
    if (
      !/[\w$-]/.test(before) &&
      !/[\w$]/.test(after) &&
      !(after === "-" && /\w/.test(text[at + word.length + 1] ?? ""))
    )
      return true;
  }
  return false;
}
