import { UsageError } from "../../../core/errors.ts";
import { knownNames } from "../../../plugins-host/find/catalog.ts";
import { editPluginsFile, readPluginsFile } from "../../../plugins-host/find/plugins-file.ts";
import { paths } from "../../../store/paths.ts";
import type { Context } from "../../program/context.ts";
import { npm } from "./install.ts";
import { readSpec } from "./spec.ts";

/** `p9 plugin remove`: takes the entry out of `plugins.jsonc`, and a package off the disk. */
export async function removePlugin(context: Context, typed: string): Promise<void> {
  const { home, cwd } = context;
  const file = paths(home).plugins;
  const uses = (await readPluginsFile(file)).map(({ use }) => use);
  const names = knownNames(home);
  const spec = uses.find((use) => use === typed || names.get(use) === typed || use === readSpec(typed, cwd));
  if (!spec) {
    const there = uses.length ? uses.map((use) => `"${use}"`).join(", ") : "none";
    throw new UsageError(`Cannot remove plugin "${typed}": "${file}" names ${there}`);
  }
  await editPluginsFile(file, spec, "remove");
  if (spec.startsWith("npm:")) await npm(context, "uninstall", spec.slice(4));
  if (context.json) context.printJson({ plugin: spec, removed: true });
  else context.print(`Removed ${spec}`);
}
