import { posix } from "node:path";
import { endingsOf } from "../executes.ts";
import { resolveName } from "../resolve-name.ts";
import type { Tree } from "../tree.ts";
import { isOpen, namedInShell } from "./names.ts";
import { LOADING_OPTION, roleOf } from "./tools.ts";
import { isAssignment, type Words } from "./words.ts";

/** The files of a tree that one simple command runs or loads. */
export interface Operands {
  readonly scripts: string[];
  readonly loaded: string[];
  /** Settings that an option names. */
  readonly settings: string[];
  readonly folders: (readonly [folder: string, language: string])[];
  readonly languages: string[];
  /** Folders where Python looks for modules before it looks at what is installed. */
  readonly modulesFrom: string[];
  /** Whether it runs something that its words do not name: a value, its input, all of a folder. */
  isOpen: boolean;
  /** Whether it only reads what it is given, so that its words name nothing that runs. */
  reads: boolean;
}

/** Languages whose interpreters find what they load in ways that no text shows. */
const WHOLE: ReadonlySet<string> = new Set(["jvm", "other", "php", "r"]);

/** Tools of the shell that put files where others look for them, or run what they are given. */
const PLACES = /^(?:cp|mv|ln|install|rsync|git|tar|unzip|patch|run-parts)$/;

/** Variables that say where programs and what they load are found. */
const FINDS = /(?:PATH|LIB|(?:^|_)(?:OPTS?|OPTIONS|ENV|STARTUP|INIT|FLAGS|RC))[?:+!]{0,3}=/;

/** What a command runs and loads, by the roles of its programs. */
export function operandsOf(tree: Tree, words: Words, folder: string): Operands {
  const found: Operands = {
    scripts: [],
    loaded: [],
    settings: [],
    folders: [],
    languages: [],
    modulesFrom: [],
    isOpen: false,
    reads: false,
  };
  const bases = [...new Set([folder, "."])];
  for (const word of words) if (isAssignment(word) && FINDS.test(word)) findsIn(tree, word, bases, found);
  for (const at of programsIn(words)) {
    const word = words[at] ?? "";
    const program = posix.basename(word);
    if (word.includes("/")) found.scripts.push(...namedInShell(tree, word, bases, []).files);
    const rest = words.slice(at + 1);
    const role = roleOf(
      program,
      rest.find((one) => !one.startsWith("-")),
    );
    if (role.is === "reader") found.reads = true;
    if ((isOpen(word) && word !== "$") || program === "run-parts") found.isOpen = true;
    loadedByOptions(tree, rest, bases, found);
    if (role.is === "project") found.languages.push(role.language);
    const inner = innerCommand(program, rest);
    if (inner?.length === 0) found.isOpen = true;
    if (inner !== null) merge(found, operandsOf(tree, inner, folder));
    else if (role.is === "interpreter") interpreted(tree, rest, bases, role.language, found);
    if (role.is === "unknown" || role.is === "project" || PLACES.test(program)) {
      const named = rest
        .filter((one) => !one.startsWith("-"))
        .flatMap((one) => resolveName(tree, one, bases, []).files);
      found.loaded.push(...named);
    }
  }
  return found;
}

/** All that the words of a command may name, when what it runs is one of them. */
export function anyNamed(tree: Tree, words: Words, folder: string): Pick<Operands, "loaded" | "folders"> {
  const bases = [...new Set([folder, "."])];
  const named = words
    .flatMap((word) => word.split(/[=:]/))
    .filter((word) => /[./]/.test(word) || tree.isFolder(posix.join(folder, word)) || tree.has(word))
    .map((word) => namedInShell(tree, word, bases, []));
  return {
    loaded: named.flatMap(({ files }) => files),
    folders: named.flatMap(({ folders }) => folders.filter((at) => at !== ".").map((at) => [at, "any"] as const)),
  };
}

/** The command that a shell is given in its words; null when it is given a file. */
function innerCommand(program: string, rest: Words): Words | null {
  if (program === "eval") return rest;
  if (!/^(?:sh|bash|dash|ash|zsh|ksh|fish|csh)$/.test(program)) return null;
  const at = rest.findIndex((word) => /^-[a-z]*c$/.test(word));
  return at < 0 ? null : rest.slice(at + 1);
}

/** The manifest that says what `node .` runs. */
function manifestIn(tree: Tree, bases: readonly string[]) {
  const files = bases.map((base) => posix.join(base, "package.json")).filter((path) => tree.has(path));
  return { files: files.slice(0, 1), folders: [] };
}

/** Whether a script lies where packages are installed, or elsewhere on the machine. */
const isInstalled = (word: string) => /(?:^|\/)(?:node_modules|\.venv|venv|site-packages|vendor)\/|^\/usr\//.test(word);

function merge(found: Operands, more: Operands): void {
  found.scripts.push(...more.scripts);
  found.loaded.push(...more.loaded);
  found.settings.push(...more.settings);
  found.folders.push(...more.folders);
  found.languages.push(...more.languages);
  found.modulesFrom.push(...more.modulesFrom);
  found.isOpen ||= more.isOpen;
}

/** Files and folders in the value of a variable. */
function findsIn(tree: Tree, word: string, bases: readonly string[], found: Operands): void {
  for (const part of word.slice(word.indexOf("=") + 1).split(/[:;,=\s]+/)) {
    const { files, folders } = resolveName(tree, part.replace(/^\$\w*\//, "./"), bases, endingsOf("js"));
    found.loaded.push(...files);
    found.folders.push(...folders.map((at) => [at, "any"] as const));
  }
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

/** Options that name a folder to load from. */
const FOLDER_OPTION = /rule|plugin|resolve|load|require|import|transform|template|formatter/;

/** Values of options that name code or configuration. */
function loadedByOptions(tree: Tree, rest: Words, bases: readonly string[], found: Operands): void {
  for (const [at, word] of rest.entries()) {
    const [, glued = "", value = ""] = /^(--?[\w-]+)=(.+)$/.exec(word) ?? [];
    const option = glued === "" ? word : glued;
    const name = glued === "" ? rest[at + 1] : value;
    if (name === undefined || !(LOADING_OPTION.test(option) || FOLDER_OPTION.test(option)) || !/^-/.test(option))
      continue;
    const { files, folders } = resolveName(tree, name, bases, endingsOf("js"));
    found.loaded.push(...files);
    found.settings.push(...files);
    if (!FOLDER_OPTION.test(option)) continue;
    found.folders.push(...folders.filter((one) => one !== ".").map((one) => [one, "any"] as const));
  }
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
  if (language === "python" && rest.some((word) => /^-[mc]$/.test(word))) found.modulesFrom.push(...bases);
  let script = true;
  for (const [at, word] of rest.entries()) {
    // An option with its value in the same word: `-Ilib`, `-r./lib/x`, `-MLib::X`.
    const value = /^-[A-Za-z](?=[\w./]).*/.test(word) ? word.slice(2).replaceAll("::", "/") : word;
    if (value.startsWith("-")) continue;
    const isModule = language === "python" && rest[at - 1] === "-m";
    const name = isModule ? value.replaceAll(".", "/") : value;
    const isGiven = value === word;
    if (script && isGiven && isOpen(word)) found.isOpen = true;
    const look = script || !isGiven ? namedInShell : resolveName;
    const isPackage = language === "js" && script && /^\.\/?$/.test(word);
    const { files, folders } = isPackage
      ? manifestIn(tree, bases)
      : look(tree, name, bases, script || !isGiven ? endings : []);
    // What is installed is not of the repository, and what it is given is its own matter.
    if (files.length === 0 && script && isModule) {
      merge(found, operandsOf(tree, rest.slice(at), bases[0] ?? "."));
      return;
    }
    if (files.length === 0 && script && isInstalled(word)) return;
    if (files.length > 0) {
      found[script && isGiven ? "scripts" : "loaded"].push(...files);
      if (isGiven) script = false;
    }
    if (language !== null) found.folders.push(...folders.map((one) => [one, language] as const));
  }
  // Without anything that it is given, it runs what comes in.
  if (!rest.some((word) => /^[^-]/.test(word) || /^-\w*[cemprE]/.test(word))) found.isOpen = true;
}
