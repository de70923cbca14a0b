import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { didYouMean } from "../../../base/nearest.ts";
import { errorCode, errorText, UsageError } from "../../../core/errors.ts";
import type { Context } from "../../program/context.ts";
import { bash } from "./templates/bash.ts";
import { python } from "./templates/python.ts";
import { type PartType, type Template, TYPES } from "./templates/template.ts";
import { typescript } from "./templates/typescript.ts";

const LANGUAGES: Readonly<Record<string, Template>> = { ts: typescript, python, bash };

/** `p9 plugin new`: writes into a folder called like the plugin; a folder that is there is left alone. */
export function newPlugin(context: Context, type: string, name: string, lang: string): void {
  const template = Object.hasOwn(LANGUAGES, lang) ? LANGUAGES[lang] : undefined;
  if (!template)
    throw new UsageError(
      `Cannot write a plugin in "${lang}"${didYouMean(lang, Object.keys(LANGUAGES))}: wanted one of ${Object.keys(LANGUAGES).join(", ")}`,
    );
  if (!isType(type))
    throw new UsageError(`Cannot write a "${type}"${didYouMean(type, TYPES)}: wanted one of ${TYPES.join(", ")}`);
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name)) {
    throw new UsageError(`Cannot call a plugin "${name}": wanted a kebab-case name`);
  }
  const folder = join(context.cwd, name);
  if (existsSync(folder)) throw new UsageError(`Cannot write the plugin: "${folder}" is there already`);
  const { files, next } = template(type, name);
  try {
    for (const { path, text, executable } of files) {
      const file = join(folder, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      if (executable) chmodSync(file, 0o755);
    }
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    throw new UsageError(`Cannot write the plugin: ${errorText(error)}`);
  }
  if (context.json) context.printJson({ folder, files: files.map(({ path }) => path), next });
  else {
    for (const { path } of files) context.print(join(name, path));
    context.print(`Next: cd ${name} && ${next.join(" && ")}`);
  }
}

function isType(type: string): type is PartType {
  return TYPES.some((known) => known === type);
}
