import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Exec } from "../../base/exec-types.ts";
import type { Env } from "../../contract/context.ts";
import type { PullRequestInFlight } from "../../contract/queue-source.ts";
import type { GitHub } from "../../github/client.ts";
import { git } from "../../process/git.ts";

const MAX_DIFF = 1 << 20;

/** Changes of a pull request, or of the branch that is checked out; each is read once. */
export interface Changes {
  files(): Promise<readonly string[]>;
  diff(): Promise<string>;
}

/** Where to look. */
export interface ChangesInput {
  readonly root: string | null;
  readonly pr: PullRequestInFlight | null;
  readonly exec: Exec;
  readonly env: Env;
  readonly github: GitHub | null;
}

/** The root of the repository that `cwd` lies in, or null. Starts no process. */
export function repositoryRoot(cwd: string): string | null {
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (existsSync(join(folder, ".git"))) return folder;
    if (folder === dirname(folder)) return null;
  }
}

/** Reads changes from the local git when it has the commit, else from GitHub; no answer counts as no change. */
export function changesOf(input: ChangesInput): Changes {
  let range: Promise<string | null> | undefined;
  let files: Promise<readonly string[]> | undefined;
  let diff: Promise<string> | undefined;
  const known = () => {
    range ??= findRange(input);
    return range;
  };
  return {
    files: () => {
      files ??= known().then((found) => (found ? localFiles(input, found) : remoteFiles(input)));
      return files;
    },
    diff: () => {
      diff ??= known().then((found) => (found ? localDiff(input, found) : remoteDiff(input)));
      return diff;
    },
  };
}

/** `base...head` of the change, or null when git here does not have it. */
async function findRange(input: ChangesInput): Promise<string | null> {
  const { root, pr } = input;
  if (root === null) return null;
  const head = pr?.sha ?? "HEAD";
  const names = ["HEAD", "main", "master", "trunk", "develop"].map((name) => `refs/remotes/origin/${name}`);
  const wanted = [...names, "refs/heads/main", "refs/heads/master"];
  const refs = await read(input, root, ["for-each-ref", "--format=%(refname)", ...wanted]);
  const there = new Set(refs.split("\n"));
  const base = wanted.find((name) => there.has(name));
  if (!base || (await read(input, root, ["merge-base", base, head])) === "") return null;
  return `${base}...${head}`;
}

async function localFiles(input: ChangesInput, range: string): Promise<readonly string[]> {
  const names = await read(input, input.root ?? "", ["diff", "--name-only", "--no-renames", "-z", range]);
  return names.split("\0").filter(Boolean);
}

function localDiff(input: ChangesInput, range: string): Promise<string> {
  const plain = ["--no-color", "--no-ext-diff", "--no-textconv", "--src-prefix=a/", "--dst-prefix=b/"];
  return read(input, input.root ?? "", ["diff", "-U0", "-M", ...plain, range]);
}

async function read({ exec, env }: ChangesInput, cwd: string, args: readonly string[]): Promise<string> {
  const result = await git({ exec, env, cwd }, ["-c", "core.quotepath=false", ...args], { maxBytes: MAX_DIFF });
  return result.code === 0 || result.truncated ? result.stdout.trimEnd() : "";
}

interface RemoteFile {
  readonly filename: string;
  readonly previous_filename?: string;
  readonly patch?: string;
}

async function remote({ pr, github }: ChangesInput): Promise<readonly RemoteFile[]> {
  if (!pr || !github) return [];
  return github.rest<RemoteFile[]>(`repos/${pr.repo}/pulls/${pr.number}/files?per_page=100`, { paginate: true });
}

async function remoteFiles(input: ChangesInput): Promise<readonly string[]> {
  const files = await remote(input);
  return files.flatMap((file) => [file.filename, ...(file.previous_filename ? [file.previous_filename] : [])]);
}

async function remoteDiff(input: ChangesInput): Promise<string> {
  const files = await remote(input);
  const text = files.map((file) => {
    const before = file.previous_filename ?? file.filename;
    return `diff --git a/${before} b/${file.filename}\n--- a/${before}\n+++ b/${file.filename}\n${file.patch ?? ""}\n`;
  });
  return text.join("").slice(0, MAX_DIFF);
}
