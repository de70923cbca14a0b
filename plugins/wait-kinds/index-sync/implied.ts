import { askGit, git, type PluginContext, underAny, type WaitRequest } from "../../../src/plugin.ts";
import { entriesOf } from "../providers/entries.ts";

/** The entries of `ci_watch.index_sync` whose `paths` a push changed: what an automatic watch is about. */
export async function impliedEntries(
  pushed: NonNullable<WaitRequest["pushed"]>,
  context: PluginContext,
): Promise<string[]> {
  const entries = entriesOf(context.config, "index_sync").flatMap(([name, { paths }]) =>
    Array.isArray(paths) && paths.length > 0 ? [{ name, paths: paths.map(String) }] : [],
  );
  if (entries.length === 0) return [];
  const changed = await changedFiles(pushed, context);
  return entries.filter(({ paths }) => changed.some((file) => underAny(file, paths))).map(({ name }) => name);
}

/** Files between what the remote had before and what was pushed; of a new branch those of its last commit. */
async function changedFiles(
  { sha, branch }: NonNullable<WaitRequest["pushed"]>,
  context: PluginContext,
): Promise<string[]> {
  const remote = await askGit(context, ["rev-parse", "--verify", "--quiet", `refs/remotes/origin/${branch}@{1}`]);
  const base = remote !== null && remote !== sha ? remote : `${sha}^`;
  const diff = await git(context, ["diff", "--name-only", "-z", base, sha, "--"]);
  const files = diff.code === 0 ? diff : await git(context, ["show", "--name-only", "-z", "--format=", sha, "--"]);
  return files.stdout.split("\0").filter(Boolean);
}
