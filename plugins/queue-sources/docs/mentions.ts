import type { GitPlace } from "../../../src/plugin.ts";
import { baseName, byName, type FilesByName, namesFile } from "./file-names.ts";
import { type GrepRow, gitGrep, trackedFiles, WHERE } from "./git-grep.ts";
import { isProse, type Term } from "./terms.ts";

/** A line that mentions a term. */
export interface Mention {
  readonly file: string;
  readonly line: number;
  readonly term: Term;
}

/** A term in more files than this is an ordinary word of the project. */
const TOO_COMMON = 25;

/**
 * Finds mentions of the terms in files outside `changed`. Searches prose for all terms, other files only for paths, flags and
 * removed names, because a symbol that still exists is used there correctly.
 */
export async function findMentions(
  place: GitPlace,
  terms: readonly Term[],
  changed: ReadonlySet<string>,
): Promise<readonly Mention[]> {
  const elsewhere = terms.filter(({ kind, gone }) => gone || kind !== "symbol");
  const [prose, other, tracked] = await Promise.all([
    gitGrep(place, wordsOf(terms), WHERE.prose),
    gitGrep(place, wordsOf(elsewhere), WHERE.elsewhere),
    trackedFiles(place),
  ]);
  const files = byName([...tracked, ...terms.flatMap(({ kind, text }) => (kind === "file" ? [text] : []))]);
  const found = (rows: readonly GrepRow[], wanted: readonly Term[]) =>
    rows.filter(({ file }) => !changed.has(file)).flatMap((row) => mentionsIn(row, wanted, files));
  return withoutCommon([...found(prose, terms), ...found(other, elsewhere)]);
}

function withoutCommon(mentions: readonly Mention[]): readonly Mention[] {
  const where = new Map<string, Set<string>>();
  for (const { term, file } of mentions) where.set(term.text, (where.get(term.text) ?? new Set()).add(file));
  return mentions.filter(({ term }) => (where.get(term.text)?.size ?? 0) <= TOO_COMMON);
}

/** What to search for: of a path its last part, as it may be written relative to the file. */
function wordsOf(terms: readonly Term[]): readonly string[] {
  return [...new Set(terms.map(({ kind, text }) => (kind === "file" ? baseName(text) : text)))];
}

function mentionsIn({ file, line, text }: GrepRow, terms: readonly Term[], files: FilesByName): readonly Mention[] {
  if (text.length > 2_000 || isImport(file, text)) return [];
  const speaks = ({ kind, text: term }: Term) =>
    kind === "file" ? namesFile(text, file, term, files) : wholeWord(text, term);
  return terms
    .filter((term) => text.includes(baseName(term.text)) && speaks(term))
    .map((term) => ({ file, line, term }));
}

/** An import of a file is checked by the compiler. */
function isImport(file: string, text: string): boolean {
  return !isProse(file) && /\b(?:import|from|require|include|use|mod)\b.*["'<]/.test(text);
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
