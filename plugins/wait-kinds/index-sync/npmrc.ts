import { existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { type PluginContext, readSmallFile, TrustError, type TrustSubject } from "../../../src/plugin.ts";
import type { TargetWatcher } from "../../../src/provider.ts";

/** Settings of npm that send nothing anywhere and run nothing, with a value that is no address, path or variable. */
const HARMLESS =
  /^(?:audit|audit-level|engine-strict|fund|ignore-scripts|legacy-peer-deps|loglevel|omit-lockfile-registry-resolved|package-lock|progress|save|save-exact|save-prefix|strict-peer-deps|tag|update-notifier)(?:\s*=\s*[\w~^.-]*)?$/;

/**
 * The trust subjects of the `.npmrc` files between `cwd` and the root of its repository that say more than how npm behaves: such a file
 * decides which registry npm asks, and which variable of the user's it sends there.
 */
export function npmrcSubjects({ cwd }: Pick<PluginContext, "cwd">): readonly TrustSubject[] {
  const folders = foldersOf(cwd);
  const root = folders.at(-1) ?? cwd;
  return folders.flatMap((folder) => {
    const path = join(folder, ".npmrc");
    if (!existsSync(path)) return [];
    const content = readSmallFile(path);
    const lines = content.split(/\r\n|\r|\n/).map((line) => line.trim());
    const isHarmless = lines.every((line) => line === "" || /^[;#]/.test(line) || HARMLESS.test(line));
    return isHarmless ? [] : [{ subject: `npm's ${relative(root, path)}`, content }];
  });
}

/** Refuses to ask npm where an untrusted file of the repository decides whom it asks. @throws {TrustError} */
export async function needTrustedFiles(
  { name }: Pick<TargetWatcher, "name">,
  context: Pick<PluginContext, "cwd" | "trusted">,
): Promise<void> {
  if (name !== "npm") return;
  for (const { subject, content } of npmrcSubjects(context)) {
    if (await context.trusted(subject, content)) continue;
    throw new TrustError(`Cannot ask npm before "${subject}" is trusted: run p9 trust`);
  }
}

/** The folders from one up to the root of its repository; outside of a repository, the folder alone. */
function foldersOf(cwd: string): readonly string[] {
  const folders = [cwd];
  for (let folder = cwd; !existsSync(join(folder, ".git")); ) {
    const above = dirname(folder);
    if (above === folder) return [cwd];
    folders.push(above);
    folder = above;
  }
  return folders;
}
