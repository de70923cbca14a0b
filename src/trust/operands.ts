import { posix } from "node:path";
import { endingsOf, languageOf } from "./executes.ts";
import { resolveName } from "./resolve-name.ts";
import { isAssignment, type Words } from "./shell-words.ts";
import { LOADING_OPTION, roleOf } from "./tools.ts";
import type { Tree } from "./tree.ts";

/** The files of a tree that one simple command runs or loads. */
export interface Operands {
  readonly scripts: string[];
  readonly loaded: string[];
  readonly folders: (readonly [folder: string, language: string])[];
  readonly languages: string[];
}

/** Languages whose interpreters find what they load in ways that no text shows. */
const WHOLE: ReadonlySet<string> = new Set(["jvm", "other", "php", "r"]);

/** What a command runs and loads, by the roles of its programs. */
export function operandsOf(tree: Tree, words: Words, folder: string): Operands {
  const found: Operands = { scripts: [], loaded: [], folders: [], languages: [] };
  const bases = [...new Set([folder, "."])];
  for (const at of programsIn(words)) {
    const word = words[at] ?? "";
    if (word.includes("/")) found.scripts.push(...resolveName(tree, word, bases, []).files);
    const rest = words.slice(at + 1);
    const role = roleOf(
      posix.basename(word),
      rest.find((one) => !one.startsWith("-")),
    );
    found.loaded.push(...loadedByOptions(tree, rest, bases));
    if (role.is === "project") found.languages.push(role.language);
    if (role.is === "interpreter") interpreted(tree, rest, bases, role.language, found);
    if (role.is === "unknown" || role.is === "project") {
      const named = rest
        .filter((one) => !one.startsWith("-"))
        .flatMap((one) => resolveName(tree, one, bases, []).files);
      found.loaded.push(...named.filter((path) => languageOf(path) !== null));
    }
  }
  return found;
}

/** Where a command's programs stand: behind assignments and wrappers. Behind a wrapper any word may be one. */
function programsIn(words: Words): number[] {
  const found: number[] = [];
  let wrapped = false;
  for (const [at, word] of words.entries()) {
    const role = roleOf(posix.basename(word), words[at + 1]).is;
    if (role === "wrapper") wrapped = true;
    else if (isAssignment(word) || word.startsWith("-") || /^[\d.]+[smhd]?$/.test(word)) continue;
    else if (found.length === 0 || (wrapped && (role === "interpreter" || role === "project" || word.startsWith("./"))))
      found.push(at);
    else if (!wrapped) break;
  }
  return found;
}

/** Values of options that name code or configuration. */
function loadedByOptions(tree: Tree, rest: Words, bases: readonly string[]): string[] {
  const values = rest.flatMap((word, at) => {
    const [, option = "", value = ""] = /^(--?[\w-]+)=(.+)$/.exec(word) ?? [];
    if (option !== "") return LOADING_OPTION.test(option) ? [value] : [];
    return LOADING_OPTION.test(word) ? (rest[at + 1] ?? []) : [];
  });
  return values.flatMap((value) => resolveName(tree, value, bases, endingsOf("js")).files);
}

function interpreted(
  tree: Tree,
  rest: Words,
  bases: readonly string[],
  language: string | null,
  found: Operands,
): void {
  if (language !== null && WHOLE.has(language)) found.languages.push(language);
  const endings = language === null ? [] : endingsOf(language);
  let script = true;
  for (const [at, word] of rest.entries()) {
    if (word.startsWith("-")) continue;
    const isModule = language === "python" && rest[at - 1] === "-m";
    const { files, folders } = resolveName(tree, isModule ? word.replaceAll(".", "/") : word, bases, endings);
    if (files.length > 0) {
      found[script ? "scripts" : "loaded"].push(...files);
      script = false;
    }
    if (language !== null) found.folders.push(...folders.map((one) => [one, language] as const));
  }
}
