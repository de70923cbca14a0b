import { type Part, wild } from "../../base/glob.ts";

const ANY = { many: true } as const;
const ONE = { many: false, is: () => true } as const;

/**
 * Makes of a pattern of CODEOWNERS what tells whether it means a file's path; null for a pattern that GitHub does not read. They are those
 * of gitignore, with exceptions: docs.github.com, "About code owners", "CODEOWNERS syntax"; git-scm.com/docs/gitignore, "Pattern format".
 */
export function ownerPattern(pattern: string): ((path: string) => boolean) | null {
  // "Syntax exceptions": no negation, no sets of characters, and a `#` in front always begins a comment.
  if (/^!|^\\#|[[\]]/.test(pattern)) return null;
  const parts = partsOf(pattern);
  return parts && ((path) => wild(parts, path.split("/")));
}

function partsOf(pattern: string): readonly Part<string>[] | null {
  const written = pattern.split("/");
  const names = written.filter((name) => name !== "");
  const [last] = names.slice(-1);
  if (last === undefined) return null;
  const isDirectory = written.at(-1) === "";
  const isAnywhere = names.length === 1 && written[0] !== "";
  return [
    ...(isAnywhere ? [ANY] : []),
    ...names.map((name) => (name === "**" ? ANY : segment(name))),
    ...(isDirectory || last === "**" ? [ONE, ANY] : endOf(last, isAnywhere)),
  ];
}

/** What may follow the last name: it may be a folder's. `docs/*` means no "further nested files", as GitHub's page says. */
function endOf(last: string, isAnywhere: boolean): readonly Part<string>[] {
  return last === "*" && !isAnywhere ? [] : [ANY];
}

function segment(name: string): Part<string> {
  const tokens = [...name.matchAll(/\\?(.)/gsu)].map(([written, char]): Part<string> => {
    if (written === "*") return ANY;
    return written === "?" ? ONE : { many: false, is: (text) => text === char };
  });
  return { many: false, is: (text) => wild(tokens, [...text]) };
}
