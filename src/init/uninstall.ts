import { existsSync } from "node:fs";
import { workTreeOf } from "../process/git.ts";
import { wiredFiles } from "./clients.ts";
import { type FileChange, readText } from "./files.ts";
import { givenBack } from "./give-back.ts";
import { SETUPS } from "./harnesses/registry.ts";
import { type InitRequest, settingsPath } from "./plan.ts";
import { shimChange, shimPath } from "./shim.ts";
import type { WrittenFiles } from "./written.ts";

/** Where p9 may have written. */
export type UninstallPlace = Pick<InitRequest, "cwd" | "env" | "exec" | "program">;

/**
 * Every change that takes p9 out of files outside its state directory: those that it remembers, and those of this user and this
 * repository that an earlier version may have written. Nothing is written. `leave` is told of each that cannot be read or edited.
 */
export async function planUninstall(
  place: UninstallPlace,
  written: WrittenFiles,
  leave: (path: string, error: unknown) => void,
): Promise<readonly FileChange[]> {
  const root = (await workTreeOf(place)) ?? place.cwd;
  const clients = new Set([
    settingsPath({ ...place, scope: "user" }, root),
    settingsPath({ ...place, scope: "project" }, root),
    ...Object.values(SETUPS).flatMap((setup) =>
      [null, root].flatMap((project) => wiredFiles(setup, { env: place.env, project }).wired),
    ),
  ]);
  const shims = new Set([shimPath(root)]);
  const policies = new Set<string>();
  for (const path of written.paths) (isPolicy(path) ? policies : path.endsWith(".py") ? shims : clients).add(path);
  const plan = (paths: Iterable<string>, back: (path: string) => FileChange): FileChange[] =>
    [...paths].flatMap((path) => {
      try {
        return existsSync(path) ? [back(path)] : [];
      } catch (error) {
        leave(path, error);
        return [];
      }
    });
  const changes = [
    ...plan(clients, (path) => givenBack(path, written)),
    ...plan(shims, (path) => shimChange(path, readText(path), place.program, true)),
    ...plan(policies, (path) => policyBack(path, written)),
  ];
  const inside = (path: string) => (path.startsWith(`${root}/`) ? { within: root } : {});
  return changes.map((change) => ({ ...change, ...inside(change.path), ...written.place(change.path) }));
}

/** Whether a file that p9 wrote holds what people add to: a policy, or the channels for notices. */
function isPolicy(path: string): boolean {
  return /\.ya?ml$|\/notify\.json$/.test(path);
}

/** A policy as it was before, when nobody has changed it since: what people wrote into it is theirs. */
function policyBack(path: string, written: WrittenFiles): FileChange {
  const before = written.before(path);
  if (before === undefined)
    return { path, text: readText(path), done: [], left: "left as it is: it was changed since p9 wrote it" };
  return {
    path,
    text: before,
    done: [before === null ? "removed the file, which p9 had made" : "took out what p9 had added"],
  };
}
