import { posix } from "node:path";
import { endingsOf, isDocument, languageOf, languageOfProgram } from "./executes.ts";
import { installedFrom, type OwnPrograms, ownPrograms } from "./own-programs.ts";
import { commandLines, referencesOf } from "./references.ts";
import { resolveName } from "./resolve-name.ts";
import { scriptsOf } from "./scripts.ts";
import { type Settings, settingsFrom, settingsOf } from "./settings.ts";
import { anyNamed, operandsOf } from "./shell/operands.ts";
import { commandsOf, inlinePrograms, quotedNames, type Words } from "./shell/words.ts";
import type { Tree } from "./tree.ts";

/** What a command line runs of a repository, as far as its texts tell. */
export interface Reach {
  /** The texts that it stands for, in their order: scripts of runners, and the files that are run. */
  readonly texts: readonly { readonly label: string; readonly text: string | null }[];
  /** Files that are run, whatever they are called. */
  readonly scripts: ReadonlySet<string>;
  /** Files that these load, or name. */
  readonly loaded: ReadonlySet<string>;
  /** Settings that others name. */
  readonly settings: ReadonlySet<string>;
  /** Folders whose program text of a language may be loaded. */
  readonly folders: readonly (readonly [folder: string, language: string])[];
  /** Folders where a new file would be taken for a library of Python's. */
  readonly modulesFrom: ReadonlySet<string>;
  /** Languages whose program text may be loaded wherever it lies. */
  readonly languages: ReadonlySet<string>;
}

/** More than this many texts are not followed: then all program text counts as loaded. */
const MAX_TEXTS = 2_000;

/** The same for a text with more words than this, and for a command with more. */
const MAX_WORDS = 60_000;
const MAX_WORDS_OF_ONE = 2_000;

/** The same for a longer text: it cannot be shown, and so not be trusted. */
const MAX_TEXT = 200_000;

/** Follows a command line through runners, scripts and what they load. */
export async function reachOf(tree: Tree, command: string, folder = "."): Promise<Reach> {
  const follower = new Follower(tree);
  await follower.run({ text: command, folder });
  return follower;
}

/** Shell text and the folder that it runs in. */
interface Shell {
  readonly text: string;
  readonly folder: string;
}

class Follower implements Reach {
  readonly texts: { label: string; text: string | null }[] = [];
  readonly scripts = new Set<string>();
  readonly loaded = new Set<string>();
  readonly settings = new Set<string>();
  readonly folders: (readonly [string, string])[] = [];
  readonly languages = new Set<string>();
  readonly modulesFrom = new Set<string>();
  readonly #tree: Tree;
  readonly #programs: OwnPrograms;
  readonly #shells: Shell[] = [];
  readonly #files: string[] = [];
  readonly #labels = new Set<string>();
  readonly #seen = new Set<string>();

  constructor(tree: Tree) {
    this.#tree = tree;
    this.#set(settingsOf(tree));
    this.#programs = ownPrograms(tree);
  }

  async run(start: Shell): Promise<void> {
    this.#shells.push(start);
    for (let count = 0; this.#shells.length + this.#files.length > 0; count += 1) {
      if (count > MAX_TEXTS) return void this.languages.add("any");
      const shell = this.#shells.shift();
      if (shell) await this.#shell(shell);
      else this.#file(this.#files.shift() ?? "");
    }
  }

  /** Takes a file that is run, or loaded. */
  #take(path: string, how: "run" | "load"): void {
    if (how === "load") this.loaded.add(path);
    else if (!this.scripts.has(path)) {
      this.scripts.add(path);
      this.texts.push({ label: path, text: this.#tree.text(path) });
    }
    if (this.#seen.has(path) || (how === "load" && languageOf(path) === null)) return;
    this.#seen.add(path);
    this.#files.push(path);
  }

  #set({ decides, loads, folders }: Settings): void {
    for (const path of decides) this.settings.add(path);
    for (const path of loads) this.#take(path, "load");
    this.folders.push(...folders);
  }

  async #shell(shell: Shell): Promise<void> {
    const commands = shell.text.length > MAX_TEXT ? null : commandsOf(shell.text);
    if (commands === null || isTooLong(commands)) return void this.languages.add("any");
    // Names with a space in them.
    for (const name of quotedNames(shell.text)) {
      for (const path of resolveName(this.#tree, name, [shell.folder, "."], []).files) this.#take(path, "run");
    }
    const named: Words[] = [];
    let isOpen = false;
    for (const words of commands) {
      await this.#runners(words, shell.folder);
      const found = this.#command(words, shell.folder);
      isOpen ||= found.isOpen;
      if (!found.reads) named.push(words);
    }
    if (isOpen) for (const words of named) this.#anyOf(words, shell.folder);
    for (const { text, language } of inlinePrograms(shell.text)) {
      for (const one of language === null ? ["js", "python"] : [language]) this.#program(text, one, shell.folder);
    }
  }

  /** The scripts that a command names for a runner. */
  async #runners(words: Words, folder: string): Promise<void> {
    for (const { label, text, folder: at, runs } of await scriptsOf(this.#tree, words, folder)) {
      const key = `${label}\0${runs ?? ""}`;
      if (this.#labels.has(key)) continue;
      this.#labels.add(key);
      if (!this.texts.some((one) => one.label === label)) this.texts.push({ label, text });
      this.#shells.push({ text: runs ?? text, folder: at });
    }
  }

  /** What a command runs and loads by its own words. */
  #command(words: Words, folder: string): { readonly isOpen: boolean; readonly reads: boolean } {
    const found = operandsOf(this.#tree, words, folder);
    for (const path of found.scripts) this.#take(path, "run");
    for (const path of found.loaded) this.#take(path, "load");
    this.folders.push(...found.folders, ...installedFrom(this.#tree, words));
    for (const word of words) for (const path of this.#programs.get(word) ?? []) this.#take(path, "load");
    if (found.settings.length > 0) this.#set(settingsFrom(this.#tree, found.settings));
    for (const at of found.modulesFrom) this.modulesFrom.add(at);
    // A method of a class, as composer runs it.
    if (words.some((word) => /^\w+::\w+$/.test(word))) this.languages.add("php");
    for (const language of found.languages) this.languages.add(language);
    return found;
  }

  /** Whatever a command names, because another one runs what only the run shows. */
  #anyOf(words: Words, folder: string): void {
    const found = anyNamed(this.#tree, words, folder);
    for (const path of found.loaded) this.#take(path, "load");
    this.folders.push(...found.folders);
  }

  #file(path: string): void {
    if (isDocument(path)) return;
    const text = this.#tree.text(path);
    const language = languageOf(path) ?? languageOfProgram(/^#!\s*(.+)/.exec(text ?? "")?.[1] ?? "");
    if (text === null) return void this.languages.add(language ?? "any");
    if (language === null) {
      this.#shells.push({ text, folder: posix.dirname(path) }, { text, folder: "." });
      return;
    }
    this.#program(text, language, posix.dirname(path));
    for (const line of commandLines(text)) this.#shells.push({ text: line, folder: "." });
  }

  /** What a program text loads or names. */
  #program(text: string, language: string, folder: string): void {
    const { names, dynamic } = referencesOf(text, language);
    if (dynamic) this.folders.push([folder, language]);
    for (const name of names) {
      const found = resolveName(this.#tree, name, [folder, ".", "src", "lib"], endingsOf(language));
      for (const file of found.files) this.#take(file, "load");
      for (const at of found.folders) this.folders.push([at, language]);
    }
  }
}

/** Whether a text has more words than are looked up, each in all of the tree. */
function isTooLong(commands: readonly Words[]): boolean {
  const words = commands.reduce((sum, one) => sum + one.length, 0);
  return words > MAX_WORDS || commands.some((one) => one.length > MAX_WORDS_OF_ONE);
}
