import { ownerPattern } from "./pattern.ts";

/** The owners of a file of which one must approve: `@user`, `@org/team` or an email address. From outside. */
export type Owners = readonly string[];

interface Line {
  readonly owns: (path: string) => boolean;
  readonly owners: Owners;
}

/** Comparisons of a path with a line that are made at most, which take some seconds. */
const MAX_COMPARISONS = 3_000_000;
const OWNER = /^@[\w-]+(?:\/[\w.-]+)?$/;
const EMAIL = /^[^\s@]+@[^\s@]+$/;

/**
 * Finds the owners of changed files by the text of a CODEOWNERS file, each group of owners once; null when that is too much work. Of the
 * lines that mean a file the last counts, also one without owners. Pure. Source: docs.github.com, "About code owners".
 */
export function codeOwners(text: string, paths: readonly string[]): readonly Owners[] | null {
  const lines = text.split(/\r?\n/).flatMap(readLine).reverse();
  if (lines.length * paths.length > MAX_COMPARISONS) return null;
  const found = paths.map((path) => lines.find(({ owns }) => owns(path))?.owners ?? []);
  const groups = new Map(found.map((owners) => [owners.join(" ").toLowerCase(), owners]));
  return [...groups.values()].filter((owners) => owners.length > 0);
}

/** A pattern, and its owners; empty for a comment, and for a line with "invalid syntax", which GitHub skips. */
function readLine(line: string): Line[] {
  const words = line.match(/(?:\\.|[^\s\\])+/g) ?? [];
  const end = words.findIndex((word) => word.startsWith("#"));
  const [pattern, ...owners] = end < 0 ? words : words.slice(0, end);
  if (pattern === undefined || !owners.every((owner) => OWNER.test(owner) || EMAIL.test(owner))) return [];
  const owns = ownerPattern(pattern);
  return owns ? [{ owns, owners }] : [];
}
