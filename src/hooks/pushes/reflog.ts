import { readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { readSmallFile } from "../../base/small-file.ts";
import type { Git } from "../../process/git.ts";
import { fileEnd } from "../../store/follow/file-end.ts";

/** A remote-tracking branch that a push moved. */
export interface MovedRef {
  readonly remote: string;
  readonly branch: string;
  readonly sha: string;
  /** Milliseconds since the epoch, whole seconds. */
  readonly at: number;
}

/** A push older than this is ignored by hooks. */
const RECENT_MS = 24 * 3_600_000;
/** Bytes of a reflog's end that are read: about a dozen entries. */
const TAIL_BYTES = 4_096;
const ENTRY = /^[0-9a-f]{40,64} ([0-9a-f]{40,64}) .*> (\d+) [+-]\d{4}\tupdate by push/;

/**
 * The reflogs of one repository's remote-tracking branches, read from files. A push writes "update by push" there, a fetch
 * does not; branches without a tracking branch, and repositories that keep no reflogs as files, have none.
 */
export class Reflogs {
  /** The repository's common folder, or null when there is none. */
  readonly common: string | null;
  readonly #head: string | null;

  private constructor(common: string | null, head: string | null) {
    this.common = common;
    this.#head = head;
  }

  static async of(git: Git): Promise<Reflogs> {
    const answer = await git(["rev-parse", "--path-format=absolute", "--git-common-dir", "--git-dir"]);
    const [common = null, gitDir = null] = answer?.split("\n") ?? [];
    return new Reflogs(common, gitDir && join(gitDir, "logs/HEAD"));
  }

  /** The last push of each branch that was pushed within a day; 10,000 branches cost one `stat` each. */
  pushes(remote = ""): MovedRef[] {
    if (this.common === null || /[:\\]/.test(remote)) return [];
    const base = join(this.common, "logs/refs/remotes");
    const oldest = Date.now() - RECENT_MS;
    return files(join(base, remote)).flatMap((path) => {
      if ((statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) < oldest) return [];
      const [name = "", ...branch] = relative(base, path).split("/");
      return lastPush(path, name, branch.join("/"), () => true) ?? [];
    });
  }

  /** The last push of one branch that `wanted` accepts. */
  pushOf(remote: string, branch: string, wanted: (ref: MovedRef) => boolean): MovedRef | undefined {
    if (this.common === null || /[:/\\]/.test(remote)) return undefined;
    return lastPush(join(this.common, "logs/refs/remotes", remote, branch), remote, branch, wanted);
  }

  /** Whether this working tree, not another of the same repository, made `sha` or had it checked out. */
  wasHere(sha: string): boolean {
    try {
      return this.#head !== null && readSmallFile(this.#head, MAX_REFLOG_BYTES).includes(` ${sha} `);
    } catch {
      return false;
    }
  }
}

/** `git` itself keeps 90 days of it. */
const MAX_REFLOG_BYTES = 64 * 1024 * 1024;

function lastPush(
  path: string,
  remote: string,
  branch: string,
  wanted: (ref: MovedRef) => boolean,
): MovedRef | undefined {
  for (const line of fileEnd(path, TAIL_BYTES).split("\n").reverse()) {
    const match = ENTRY.exec(line);
    if (!match) continue;
    const ref = { remote, branch, sha: match[1] ?? "", at: Number(match[2]) * 1_000 };
    if (wanted(ref)) return ref;
  }
  return undefined;
}

function files(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? files(path) : [path];
    });
  } catch {
    return [];
  }
}
