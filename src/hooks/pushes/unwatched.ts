import { createHash } from "node:crypto";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isObject } from "../../base/json.ts";
import { readSmallFile } from "../../base/small-file.ts";
import type { InboxFolder } from "../../inbox/folder.ts";
import { isAlive, type ProcessId, systemProcesses } from "../../process/this-machine.ts";
import { makeDir, replaceFile } from "../../store/files.ts";
import type { Pushed } from "./resolve-push.ts";

/** A push or pull request is registered for at most a day after it was found. */
const NEWS_MS = 86_400_000;

/** A pull request that the session created. */
export interface CreatedPullRequest {
  readonly url: string;
  readonly cwd: string;
  /** The branch that it was made of, or null: not known. */
  readonly branch: string | null;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** A push or a new pull request of a session, to be watched. */
export type Unwatched = { readonly push: Pushed } | { readonly created: CreatedPullRequest };

/**
 * Keeps pushes and pull requests that a session's hooks found and have not registered, a file each. The next hook registers those of
 * a hook that was killed or could not write the state.
 */
export class UnwatchedFiles {
  readonly #folder: InboxFolder;

  constructor(folder: InboxFolder) {
    this.#folder = folder;
  }

  /** Keeps an item before its registration. While this process lives, {@link left} does not return it. */
  keep(item: Unwatched): void {
    makeDir(this.#path);
    this.#write(item, systemProcesses.self());
    this.#folder.mark("pushed", true);
  }

  /** Leaves an item that could not be registered to the next hook. */
  leave(item: Unwatched): void {
    this.#write(item, null);
  }

  /** Deletes an item that was registered or is not to be watched. */
  drop(item: Unwatched): void {
    rmSync(join(this.#path, nameOf(item)), { force: true });
    if (this.#names().length === 0) this.#folder.mark("pushed", false);
  }

  /** Reads the items of earlier hooks, oldest first, without those of a hook that still runs. */
  left(now: number): Unwatched[] {
    return this.#names()
      .map((name) => this.#read(join(this.#path, name), now))
      .filter((item) => item !== null)
      .sort((a, b) => timeOf(a) - timeOf(b));
  }

  get #path(): string {
    return join(this.#folder.path, "pushed.d");
  }

  #names(): string[] {
    try {
      return readdirSync(this.#path).filter((name) => name.endsWith(".json"));
    } catch {
      return [];
    }
  }

  #write(item: Unwatched, owner: ProcessId | null): void {
    replaceFile(join(this.#path, nameOf(item)), JSON.stringify({ item, owner }), { sync: false });
  }

  #read(path: string, now: number): Unwatched | null {
    const { item, owner } = parse(path);
    if (item === null || now - timeOf(item) > NEWS_MS) {
      rmSync(path, { force: true });
      return null;
    }
    return owner !== null && isAlive(systemProcesses, owner) ? null : item;
  }
}

function parse(path: string): { item: Unwatched | null; owner: ProcessId | null } {
  try {
    const value: unknown = JSON.parse(readSmallFile(path));
    const item = isObject(value) && isUnwatched(value.item) ? value.item : null;
    return { item, owner: isObject(value) && isProcess(value.owner) ? value.owner : null };
  } catch {
    return { item: null, owner: null };
  }
}

function isUnwatched(value: unknown): value is Unwatched {
  if (!isObject(value)) return false;
  const { push, created } = value;
  if (isObject(push)) return [push.branch, push.sha, push.cwd].every((text) => typeof text === "string");
  return isObject(created) && typeof created.url === "string" && typeof created.cwd === "string";
}

function isProcess(value: unknown): value is ProcessId {
  return isObject(value) && typeof value.pid === "number" && typeof value.pid_start === "string";
}

function nameOf(item: Unwatched): string {
  const key = "push" in item ? `${item.push.repo} ${item.push.branch} ${item.push.sha}` : item.created.url;
  return `${createHash("sha256").update(key).digest("hex").slice(0, 24)}.json`;
}

function timeOf(item: Unwatched): number {
  return "push" in item ? item.push.at : item.created.at;
}
