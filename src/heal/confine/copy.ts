import { closeSync, constants, existsSync, openSync, readSync, realpathSync, statSync } from "node:fs";
import { copyFile, mkdir, readdir, readlink, symlink, writeFile } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { isIn } from "./hidden.ts";

/** A folder to copy, and the checkout that it lies in. */
export interface Copy {
  readonly from: string;
  readonly to: string;
  readonly root: string;
}

/**
 * Copies installed dependencies, so that what is written to them stays in the copy: as shared blocks where the file system can do
 * that. A link that leads out of the checkout is not copied: a file stands for itself, a folder is left out.
 */
export async function copyDependencies({ from, to, root }: Copy): Promise<void> {
  const folder = async (path: string): Promise<void> => {
    const at = join(to, relative(from, path));
    await mkdir(at, { recursive: true });
    const entries = await readdir(path, { withFileTypes: true });
    // What tools keep between runs is large, and made anew.
    const wanted = entries.filter(({ name }) => path !== from || name !== ".cache");
    const files = wanted.filter((entry) => !entry.isDirectory());
    await Promise.all(
      files.map(async (entry) => {
        const source = join(path, entry.name);
        if (entry.isSymbolicLink()) await link(source, join(at, entry.name), { from, to, root });
        else if (entry.isFile()) await copyFile(source, join(at, entry.name), constants.COPYFILE_FICLONE);
      }),
    );
    for (const entry of wanted) if (entry.isDirectory()) await folder(join(path, entry.name));
  };
  await folder(from);
}

async function link(source: string, at: string, { from, root }: Copy): Promise<void> {
  const text = await readlink(source);
  const target = resolve(dirname(source), text);
  if (!isAbsolute(text) && isIn(target, root)) return symlink(text, at);
  if (isIn(target, from)) return symlink(relative(dirname(source), target), at);
  if (!existsSync(target) || !statSync(target).isFile()) return;
  const real = realpathSync(target);
  // A script finds what belongs to it beside itself, so it is started where it is.
  if (isScript(real)) await writeFile(at, `#!/bin/sh\nexec ${quoted(real)} "$@"\n`, { mode: 0o755 });
  else await copyFile(real, at, constants.COPYFILE_FICLONE);
}

function isScript(path: string): boolean {
  const start = Buffer.alloc(2);
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    readSync(fd, start, 0, 2, 0);
  } finally {
    closeSync(fd);
  }
  return start.toString() === "#!" && (statSync(path).mode & 0o111) !== 0;
}

const quoted = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`;
