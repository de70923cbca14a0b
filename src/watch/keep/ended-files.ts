import { type Dirent, lstatSync } from "node:fs";
import { opendir } from "node:fs/promises";
import { join } from "node:path";
import type { Paths } from "../../store/paths.ts";

/** A file or folder that one wait, or one commit, left. */
export interface LeftFile {
  readonly path: string;
  /** What it belongs to, as its name says it: a wait's id, or the start of a commit's hash. */
  readonly of: string;
  /** When it was last written (ms since the epoch). */
  readonly writtenAt: number;
  readonly bytes: number;
  /** A folder that holds nothing but such files. */
  readonly folder?: string;
}

/** Logs of no single wait: they are cut where they are written. */
const SHARED = /^(?:driver-|hooks\b)/;
/** The name of a log, as the watcher and the look give it: `<kind>-<wait>.log`. */
const LOG = /-([^-]+)\.log$/;
const WAIT_ID = /^w[0-9a-f]{10}$/;

/** Logs, last looks, what was asked for, folders of commands and kept evidence, one by one. Links are not followed, and what is strange is left out. */
export async function* filesOfWaits(paths: Paths): AsyncGenerator<LeftFile> {
  for await (const entry of entriesOf(paths.logs)) {
    const of = LOG.exec(entry.name)?.[1];
    if (entry.isFile() && of && !SHARED.test(entry.name)) yield* left(join(paths.logs, entry.name), of);
  }
  for (const folder of [paths.looks, paths.asked]) {
    for await (const entry of entriesOf(folder)) {
      const of = /^(.+)\.json$/.exec(entry.name)?.[1];
      if (entry.isFile() && of) yield* left(join(folder, entry.name), of);
    }
  }
  for await (const folder of foldersOf(paths.data)) {
    for await (const entry of entriesOf(folder.path))
      if (entry.isDirectory() && WAIT_ID.test(entry.name)) yield* left(join(folder.path, entry.name), entry.name);
  }
  for await (const repo of foldersOf(join(paths.logs, "evidence"))) {
    for await (const commit of foldersOf(repo.path)) {
      for await (const entry of entriesOf(commit.path))
        if (entry.isFile()) yield* left(join(commit.path, entry.name), commit.name, commit.path);
    }
  }
}

async function* foldersOf(path: string): AsyncGenerator<{ readonly name: string; readonly path: string }> {
  for await (const entry of entriesOf(path))
    if (entry.isDirectory()) yield { name: entry.name, path: join(path, entry.name) };
}

/** The entries of a folder, which may be very many; none when it is not there. */
async function* entriesOf(path: string): AsyncGenerator<Dirent> {
  try {
    yield* await opendir(path);
  } catch {
    // Not there, or removed meanwhile.
  }
}

function* left(path: string, of: string, folder?: string): Generator<LeftFile> {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat) yield { path, of, writtenAt: stat.mtimeMs, bytes: stat.size, ...(folder === undefined ? {} : { folder }) };
}
