import { posix } from "node:path";
import { isObject } from "../base/json.ts";
import { buildScripts } from "./build-files.ts";
import { packagesOf } from "./resolve-name.ts";
import type { Script } from "./script.ts";
import type { Words } from "./shell/words.ts";
import { jsonOf, type Tree } from "./tree.ts";

const NODE =
  /^(?:npm|pnpm|yarn|bun|npx|npm-run-all2?|run-s|run-p|concurrently|node|turbo|nx|lerna|wsrun|corepack|rush|lage)$/;

/** The scripts of the project that a command names for a runner: npm and its like, deno, composer, make, just, task. */
export async function scriptsOf(tree: Tree, words: Words, folder: string): Promise<readonly Script[]> {
  const programs = words.map((word) => posix.basename(word));
  const isNode = programs.some((name) => NODE.test(name));
  const folders = [...new Set([folder, ".", ...named(words, folder), ...(isNode ? packageFolders(tree, words) : [])])];
  const found: Script[] = [];
  for (const at of folders) {
    if (isNode) found.push(...namedIn(tree, posix.join(at, "package.json"), words));
    if (programs.includes("composer")) found.push(...namedIn(tree, posix.join(at, "composer.json"), words));
    if (programs.includes("deno")) {
      for (const file of ["deno.json", "deno.jsonc", "package.json"])
        found.push(...namedIn(tree, posix.join(at, file), words));
    }
    found.push(...(await buildScripts(tree, programs, words, at)));
  }
  return found;
}

/** Folders that words name, also as the value of an option: `--prefix=web`, `-Cweb`. */
function named(words: Words, folder: string): string[] {
  const values = words.flatMap((word) => {
    const [, value = ""] = /^-(?:-[\w-]+=|C)(.+)$/.exec(word) ?? [];
    return value === "" ? [word] : [value];
  });
  return values.flatMap((value) => [posix.normalize(posix.join(folder, value)), posix.normalize(value)]);
}

/** Words that make a runner go through packages of the repository. */
const THROUGH =
  /^(?:-w|-ws|-r|-F|--recursive|--(?:workspaces?|filter|include-workspace-root|scope)(?:=.*)?|workspaces?|foreach|lerna|turbo|nx|wsrun|rush|lage)$/;

/** Folders of the packages that a runner is sent to: the named ones, else all. */
function packageFolders(tree: Tree, words: Words): string[] {
  const all = [...packagesOf(tree)];
  const values = words.map((word) => word.replace(/^--[\w-]+=/, ""));
  const ofNames = all.filter(([name]) => values.includes(name));
  const chosen = ofNames.length > 0 ? ofNames : words.some((word) => THROUGH.test(posix.basename(word))) ? all : [];
  return chosen.map(([, at]) => at);
}

/** Scripts of a manifest that a command names, each with what runs before and after it. */
function namedIn(tree: Tree, path: string, words: Words): Script[] {
  const manifest = jsonOf(tree, path);
  const all = { ...tableOf(manifest?.tasks), ...tableOf(manifest?.scripts) };
  const folder = posix.dirname(path);
  const named = Object.keys(all).filter((name) => words.some((word) => isNamed(word, name)));
  const around = [...new Set(named.flatMap((name) => [`pre${name}`, name, `post${name}`]))];
  return around.flatMap((name) => {
    const own = tableOf(manifest?.wireit)[name];
    const text = [all[name], ...(own === undefined ? [] : [own])].map(textOf).join("\n");
    return text === "" ? [] : [{ label: `${path} "${name}"`, text, folder }];
  });
}

/** `build:*` and `npm:build` name scripts, too; `t` and `i` are short forms that npm knows. */
function isNamed(word: string, name: string): boolean {
  const plain = word.replace(/^(?:npm|yarn|pnpm|bun):/, "");
  if (plain === name || (plain === "t" && name === "test")) return true;
  return plain.includes("*") && name.startsWith(plain.slice(0, plain.indexOf("*")));
}

function tableOf(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {};
}

/** A script's text: one line, several, or deno's and wireit's form with a command and what it depends on. */
function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(textOf).join("\n");
  if (!isObject(value)) return "";
  const before = Array.isArray(value.dependencies) ? value.dependencies.filter((one) => typeof one === "string") : [];
  const command = typeof value.command === "string" ? value.command : "";
  return [...before.map((name) => `deno task ${String(name)}`), command].filter((line) => line !== "").join("\n");
}
