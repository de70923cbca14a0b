import { posix } from "node:path";
import { isObject } from "../base/json.ts";
import type { Script } from "./script.ts";
import type { Words } from "./shell/words.ts";
import type { Tree } from "./tree.ts";

/** Files that a tool reads its commands from, the first that exists; one that shows them whole. */
const BUILD_FILES: Readonly<Record<string, readonly string[]>> = {
  make: ["GNUmakefile", "makefile", "Makefile"],
  gmake: ["GNUmakefile", "makefile", "Makefile"],
  just: ["justfile", "Justfile", ".justfile"],
  task: ["Taskfile.yml", "taskfile.yml", "Taskfile.yaml", "taskfile.yaml", "Taskfile.dist.yml", "Taskfile.dist.yaml"],
  "go-task": ["Taskfile.yml", "taskfile.yml", "Taskfile.yaml", "taskfile.yaml"],
  "pre-commit": [".pre-commit-config.yaml"],
  prek: [".pre-commit-config.yaml"],
  lefthook: ["lefthook.yml", ".lefthook.yml"],
  rake: ["Rakefile", "rakefile", "Rakefile.rb"],
  poe: ["pyproject.toml", "poe_tasks.toml"],
  pdm: ["pyproject.toml"],
  hatch: ["pyproject.toml", "hatch.toml"],
  tox: ["tox.ini", "pyproject.toml"],
  nox: ["noxfile.py"],
  "lint-staged": [".lintstagedrc", ".lintstagedrc.json", ".lintstagedrc.yml", "package.json"],
  pixi: ["pixi.toml", "pyproject.toml"],
  pipenv: ["Pipfile"],
  mise: ["mise.toml", ".mise.toml"],
};

/** The text of the file that a build tool takes its commands from, and of those that it includes. */
export async function buildScripts(
  tree: Tree,
  programs: Words,
  words: Words,
  folder: string,
): Promise<readonly Script[]> {
  const scripts: Script[] = [];
  for (const program of programs) {
    const first = (BUILD_FILES[program] ?? []).map((name) => posix.join(folder, name)).find((path) => tree.has(path));
    const named = program === "make" || program === "just" ? words.map((word) => posix.join(folder, word)) : [];
    const given = words.flatMap((word, at) =>
      /^(?:-f|--(?:make)?file|--justfile)$/.test(words[at - 1] ?? "") ? [word] : [],
    );
    const start = [
      ...(first ? [first] : []),
      ...named.filter((path) => isBuildFile(path) && tree.has(path)),
      ...given.map((word) => posix.join(folder, word)).filter((path) => tree.has(path)),
    ];
    const isTask = program === "task" || program === "go-task";
    for (const path of isTask ? withTaskfiles(tree, start) : withIncludes(tree, start)) {
      const text = tree.text(path) ?? "";
      scripts.push({ label: path, text, folder, runs: await recipesOf(program, text, words) });
    }
  }
  return scripts;
}

const isBuildFile = (path: string) => /makefile|justfile|\.(?:mk|mak|just)$/i.test(path);

function withIncludes(tree: Tree, start: readonly string[]): readonly string[] {
  const found = [...new Set(start)];
  for (const path of found) {
    const text = tree.text(path) ?? "";
    for (const [, names = ""] of text.matchAll(/^\s*(?:-?include|sinclude|import\??|mod\??)\s+(.+)$/gm)) {
      for (const name of names.split(/[\s"'()]+/)) {
        const at = [posix.join(posix.dirname(path), name), name].map((one) => posix.normalize(one));
        for (const one of at.flatMap((form) => (form.includes("*") ? matching(tree, form) : [form]))) {
          if (tree.has(one) && !found.includes(one)) found.push(one);
        }
      }
    }
  }
  return found;
}

/** Taskfiles with those that they name, by file or folder. */
function withTaskfiles(tree: Tree, start: readonly string[]): readonly string[] {
  const found = [...new Set(start)];
  for (const path of found) {
    const text = (tree.text(path) ?? "").replace(/\{\{[^{}]{0,200}\}\}/g, "*");
    for (const [word] of text.matchAll(/[\w.*/-]{2,300}/g)) {
      const at = posix.normalize(posix.join(posix.dirname(path), word));
      const names = [at, ...["Taskfile.yml", "Taskfile.yaml", "taskfile.yml"].map((name) => posix.join(at, name))];
      const files = at.includes("*") ? matching(tree, at) : names.filter((name) => tree.has(name));
      for (const file of files) if (/\.ya?ml$/.test(file) && !found.includes(file)) found.push(file);
    }
    if (found.length > 200) break;
  }
  return found;
}

function matching(tree: Tree, pattern: string): string[] {
  const [before = "", after = ""] = pattern.split("*", 2);
  return tree.below(posix.dirname(pattern)).filter((path) => path.startsWith(before) && path.endsWith(after));
}

/** The lines that a build tool runs for the named targets. */
async function recipesOf(program: string, text: string, words: Words): Promise<string> {
  if (/^(?:make|gmake|just)$/.test(program)) return recipes(text, words);
  if (/^(?:task|go-task)$/.test(program)) return tasks(text, words);
  return text;
}

interface Rule {
  readonly needs: readonly string[];
  readonly lines: string[];
}

/** Recipes of the named targets and of what they need; all lines outside of rules, which run or are used in any case. */
function recipes(text: string, words: Words): string {
  const rules = new Map<string, Rule>();
  const outside: string[] = [];
  let open: Rule | null = null;
  for (const line of text.replace(/\\\r?\n/g, " ").split(/\r?\n/)) {
    if (/^\s+\S/.test(line) && open) {
      open.lines.push(line.trim());
      continue;
    }
    const [, names, needs = ""] = /^@?([^\s#=:][^#=:]*?)\s*::?(?!=)([^=]*)$/.exec(line) ?? [];
    if (names === undefined) {
      outside.push(line, line.replace(/^\s*(?:export|override|define)?\s*[\w.-]+\s*[?:+!]{0,3}=\s*/, ""));
      if (line.trim() !== "") open = null;
      continue;
    }
    const [own = "", recipe] = needs.split(";");
    open = {
      needs: [...own.split(/[\s()|]+/), ...names.split(/\s+/).slice(1)],
      lines: recipe === undefined ? [] : [recipe],
    };
    for (const name of names.split(/\s+/)) {
      const known = rules.get(name);
      if (known) open = { needs: [...known.needs, ...open.needs], lines: known.lines };
      rules.set(name, open);
    }
  }
  const asked = reachable(rules, words);
  // A pattern rule may make anything that has no rule of its own.
  const patterns = [...rules].filter(([name]) => name.includes("%")).flatMap(([, { lines }]) => lines);
  return [...outside, ...patterns, ...asked.flatMap((name) => rules.get(name)?.lines ?? [])].join("\n");
}

function reachable(rules: ReadonlyMap<string, Rule>, words: Words): readonly string[] {
  const named = words.filter((word) => rules.has(word));
  const asked = named.length > 0 ? named : [...rules.keys()];
  for (const name of asked) {
    const rule = rules.get(name);
    const more = [...(rule?.needs ?? []), ...(rule?.lines ?? []).flatMap((line) => line.split(/\s+/))];
    for (const one of more) if (rules.has(one) && !asked.includes(one)) asked.push(one);
  }
  return asked;
}

/** All texts of the named tasks of a Taskfile, and of those that they name. */
async function tasks(text: string, words: Words): Promise<string> {
  const { parse } = await import("yaml");
  let file: unknown;
  try {
    file = parse(text, { maxAliasCount: 100 });
  } catch {
    return text;
  }
  if (!isObject(file) || !isObject(file.tasks)) return text;
  const all = file.tasks;
  const asked = Object.keys(all).filter((name) => words.some((word) => word === name || word.endsWith(`:${name}`)));
  const lines: string[] = textsIn({ ...file, tasks: null });
  for (const name of asked) {
    const own = textsIn(all[name]);
    lines.push(...own);
    for (const one of own) if (Object.hasOwn(all, one) && !asked.includes(one)) asked.push(one);
  }
  return asked.length > 0 ? lines.join("\n") : text;
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}
