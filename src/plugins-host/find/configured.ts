import { dirname } from "node:path";
import { isObject } from "../../base/json.ts";
import { errorText } from "../../core/errors.ts";
import { paths } from "../../store/paths.ts";
import { packagesFolder } from "../packages-folder.ts";
import type { PluginEntry } from "./plugins-file.ts";
import type { PluginScope } from "./scope.ts";
import { type Location, locate } from "./specifier.ts";

/** A configured plugin. */
export interface Configured extends PluginEntry {
  /** Where it is named: by the user, or by the repository (which needs trust). */
  readonly from: "user" | "repository";
  /** The file that names it. */
  readonly file: string;
  /** Folder that relative paths start from. */
  readonly base: string;
}

/** Every plugin that applies in `scope`, the user's own first; each once. A file that cannot be read is reported. */
export async function configuredPlugins(scope: PluginScope): Promise<readonly Configured[]> {
  const all = [...(await ofUser(scope)), ...(await ofPolicy(scope))];
  return all.filter((one, index) => all.findIndex(({ use, base }) => use === one.use && base === one.base) === index);
}

async function ofUser({ home, report }: PluginScope): Promise<readonly Configured[]> {
  const file = paths(home).plugins;
  try {
    const { readPluginsFile } = await import("./plugins-file.ts");
    return (await readPluginsFile(file)).map((entry) => ({ ...entry, from: "user", file, base: home }));
  } catch (error) {
    report?.({ plugin: file, message: errorText(error) });
    return [];
  }
}

/** `ci_watch.plugins` of the user's `config.yaml` and of the repository's policy. */
async function ofPolicy(scope: PluginScope): Promise<readonly Configured[]> {
  const { path, workspace, raw } = scope.policy ?? (await readPolicy(scope));
  return [
    ...named(raw.config.ci_watch, { from: "user", file: paths(scope.home).config, base: scope.home }),
    ...named(raw.policy.ci_watch, { from: "repository", file: path ?? "", base: workspace ?? scope.cwd }),
  ];
}

/** Reads the two files without checking their other contents, which are not about plugins. */
async function readPolicy({ home, env, cwd }: PluginScope): Promise<NonNullable<PluginScope["policy"]>> {
  const { findPolicy } = await import("../../config/load.ts");
  const { readBlocks } = await import("../../config/read.ts");
  const path = findPolicy({ env, cwd });
  const policy = path === null ? null : await readBlocks(path);
  const config = await readBlocks(paths(home).config);
  const workspace = path === null ? null : dirname(dirname(path));
  return { path, workspace, raw: { policy: policy?.blocks ?? {}, config: config?.blocks ?? {} } };
}

function named(block: unknown, where: Pick<Configured, "from" | "file" | "base">): readonly Configured[] {
  const list: unknown = isObject(block) ? block.plugins : undefined;
  const uses: readonly unknown[] = Array.isArray(list) ? list : [];
  return uses.flatMap((use) => (typeof use === "string" ? [{ use, options: {}, ...where }] : []));
}

/**
 * Locates a configured plugin's code, for running it and for showing it.
 *
 * @throws {UsageError} naming the plugin and what is wrong.
 */
export function locateConfigured({ use, base }: Configured, home: string): Location {
  return locate(use, base, [packagesFolder(home), base]);
}
