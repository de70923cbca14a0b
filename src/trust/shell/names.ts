import { posix } from "node:path";
import { isNamedBy } from "../../base/glob.ts";
import { type Named, resolveName } from "../resolve-name.ts";
import type { Tree } from "../tree.ts";

/** A sign of a pattern or of a value that only the run shows. */
const OPEN = /\$\w*|[*?]|\[[^\]]{0,100}\]|\{[^}]{0,300}\}/g;

/** More files than this are not one script that a word means. */
const MAX_FILES = 500;

/**
 * What a word of a shell text may mean: from its folder, from the root, and wherever else a file is called so, because the shell may
 * have gone to any folder before. Signs of patterns stand for anything.
 */
export function namedInShell(tree: Tree, word: string, bases: readonly string[], endings: readonly string[]): Named {
  const found = resolveName(tree, word, bases, endings);
  const path = word.replace(/^(?:\.{0,2}\/)+/, "").replace(/\/+$/, "");
  if (!/[\w\u0080-\uffff]/.test(path.replace(OPEN, "")) || path.length > 300) return found;
  const files = OPEN.test(path) ? matching(tree, path.replace(OPEN, "*")) : ending(tree, path, endings);
  return { files: [...new Set([...found.files, ...files])], folders: found.folders };
}

/** Whether a word is nothing but a value that only the run shows. One with a name has its value in another form of the text. */
export function isOpen(word: string): boolean {
  return word.includes("$") && !/\$\w*[A-Za-z]/.test(word) && !/[\w\u0080-\uffff]/.test(word.replace(OPEN, ""));
}

function ending(tree: Tree, path: string, endings: readonly string[]): readonly string[] {
  const stem = posix.basename(path).replace(/\..*$/s, "");
  const forms = [path, ...endings.map((one) => `${path}${one}`), ...(endings.length > 0 ? [`${path}/index.js`] : [])];
  return tree.called(stem).filter((file) => forms.some((form) => file === form || file.endsWith(`/${form}`)));
}

function matching(tree: Tree, pattern: string): readonly string[] {
  const last = pattern.slice(pattern.lastIndexOf("*") + 1);
  const whole = `*/${pattern}`;
  const found: string[] = [];
  for (const file of tree.below(".")) {
    if (file.endsWith(last) && isNamedBy(whole, `/${file}`)) found.push(file);
    if (found.length >= MAX_FILES) break;
  }
  return found;
}
