import { lstatSync, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { ExternalError } from "../../core/errors.ts";
import { isIn } from "./hidden.ts";
import type { Mount } from "./view.ts";

/**
 * Makes the mount points that lie in a folder which commands write to. An earlier command may have put a link there, and the next
 * mount point would be made wherever that leads.
 *
 * @param keep a folder that nothing is removed from: the repair itself.
 * @throws {ExternalError} when a link stands in the way there.
 */
export function makeMountPoints(mounts: readonly Mount[], keep: string): void {
  mounts.forEach((mount, at) => {
    const around = mounts.slice(0, at).findLast(({ to }) => to !== mount.to && isIn(mount.to, to));
    if (around?.kind !== "write") return;
    const parts = relative(around.to, mount.to).split(sep);
    const isFolder = mount.kind === "empty" || statSync(mount.from).isDirectory();
    parts.forEach((_, depth) => {
      const path = join(around.from, ...parts.slice(0, depth + 1));
      makePoint(path, isFolder || depth + 1 < parts.length, around.from === keep);
    });
  });
}

function makePoint(path: string, isFolder: boolean, isKept: boolean): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found && (isFolder ? found.isDirectory() : found.isFile())) return;
  if (found && isKept) throw new ExternalError(`Cannot go on healing: a command replaced "${path}"`);
  rmSync(path, { recursive: true, force: true });
  if (isFolder) mkdirSync(path, { mode: 0o700 });
  else writeFileSync(path, "", { mode: 0o600, flag: "wx" });
}
