import { posix } from "node:path";
import { endingsOf, isDocument, languageOf, languageOfProgram } from "./executes.ts";
import { installedFrom, ownPrograms } from "./own-programs.ts";
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
  const reach = {
    texts: [] as { label: string; text: string | null }[],
    scripts: new Set<string>(),
    loaded: new Set<string>(),
    settings: new Set<string>(),
    folders: [] as (readonly [string, string])[],
    languages: new Set<string>(),
    modulesFrom: new Set<string>(),
  };
  const shells: { text: string; folder: string }[] = [{ text: command, folder }];
  const files: string[] = [];
  const labels = new Set<string>();
  const seen = new Set<string>();
  const take = (path: string, run: boolean) => {
    if (run && !reach.scripts.has(path)) {
      reach.scripts.add(path);
      reach.texts.push({ label: path, text: tree.text(path) });
    } else if (!run) reach.loaded.add(path);
    if (!seen.has(path) && (run || languageOf(path) !== null)) {
      seen.add(path);
      files.push(path);
    }
  };
  const follow = (text: string, language: string, folder: string) => {
    const { names, dynamic } = referencesOf(text, language);
    if (dynamic) reach.folders.push([folder, language]);
    for (const name of names) {
      const found = resolveName(tree, name, [folder, ".", "src", "lib"], endingsOf(language));
      for (const file of found.files) take(file, false);
      for (const at of found.folders) reach.folders.push([at, language]);
    }
  };
  const set = ({ decides, loads, folders }: Settings) => {
    for (const path of decides) reach.settings.add(path);
    for (const path of loads) take(path, false);
    reach.folders.push(...folders);
  };
  set(settingsOf(tree));
  const programs = ownPrograms(tree);
  for (let count = 0; shells.length + files.length > 0; count += 1) {
    if (count > MAX_TEXTS) {
      reach.languages.add("any");
      break;
    }
    const shell = shells.shift();
    if (shell) {
      const commands = shell.text.length > MAX_TEXT ? null : commandsOf(shell.text);
      if (commands === null || isTooLong(commands)) {
        reach.languages.add("any");
        continue;
      }
      // Names with a space in them.
      for (const name of quotedNames(shell.text)) {
        for (const path of resolveName(tree, name, [shell.folder, "."], []).files) take(path, true);
      }
      const named: Words[] = [];
      let isOpen = false;
      for (const words of commands) {
        for (const { label, text, folder: at, runs } of await scriptsOf(tree, words, shell.folder)) {
          const key = `${label}\0${runs ?? ""}`;
          if (labels.has(key)) continue;
          labels.add(key);
          if (!reach.texts.some((one) => one.label === label)) reach.texts.push({ label, text });
          shells.push({ text: runs ?? text, folder: at });
        }
        const found = operandsOf(tree, words, shell.folder);
        for (const path of found.scripts) take(path, true);
        for (const path of found.loaded) take(path, false);
        reach.folders.push(...found.folders, ...installedFrom(tree, words));
        for (const word of words) for (const path of programs.get(word) ?? []) take(path, false);
        if (found.settings.length > 0) set(settingsFrom(tree, found.settings));
        for (const at of found.modulesFrom) reach.modulesFrom.add(at);
        // A method of a class, as composer runs it.
        if (words.some((word) => /^\w+::\w+$/.test(word))) reach.languages.add("php");
        for (const language of found.languages) reach.languages.add(language);
        isOpen ||= found.isOpen;
        if (!found.reads) named.push(words);
      }
      if (isOpen) {
        for (const words of named) {
          const found = anyNamed(tree, words, shell.folder);
          for (const path of found.loaded) take(path, false);
          reach.folders.push(...found.folders);
        }
      }
      for (const { text, language } of inlinePrograms(shell.text))
        for (const one of language === null ? ["js", "python"] : [language]) follow(text, one, shell.folder);
      continue;
    }
    const path = files.shift();
    if (path === undefined || isDocument(path)) continue;
    const text = tree.text(path);
    const language = languageOf(path) ?? languageOfProgram(/^#!\s*(.+)/.exec(text ?? "")?.[1] ?? "");
    if (text === null) {
      reach.languages.add(language ?? "any");
      continue;
    }
    if (language === null) {
      shells.push({ text, folder: posix.dirname(path) }, { text, folder: "." });
      continue;
    }
    follow(text, language, posix.dirname(path));
    for (const line of commandLines(text)) shells.push({ text: line, folder: "." });
  }
  return reach;
}

/** Whether a text has more words than are looked up, each in all of the tree. */
function isTooLong(commands: readonly Words[]): boolean {
  const words = commands.reduce((sum, one) => sum + one.length, 0);
  return words > MAX_WORDS || commands.some((one) => one.length > MAX_WORDS_OF_ONE);
}
