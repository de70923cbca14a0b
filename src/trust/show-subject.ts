import { randomUUID } from "node:crypto";
import { relative, sep } from "node:path";
import type { TrustSubject } from "../contract/context.ts";
import { run } from "../process/exec.ts";
import type { GitPlace } from "../process/git.ts";
import { changesSince, commitOf, executing, stateOf } from "./changes.ts";
import type { Reach } from "./reach.ts";
import { readTree } from "./tree.ts";

/** A state of a repository that was agreed to: a commit, and what the working tree had otherwise of what can run. */
export interface Base {
  readonly commit: string;
  /** State by path. */
  readonly files: Readonly<Record<string, string>>;
}

/** A subject as it stands now. */
export interface Shown {
  readonly subject: string;
  /** All that is shown and hashed: the subject's own content, then the texts that its command runs. */
  readonly content: string;
  /** The state of the repository, for what runs something of it; null for what only sends, and where there is no git. */
  readonly base: Base | null;
  readonly reach: Reach | null;
  readonly root: string | null;
}

/** Where a subject would run. */
export interface ShowPlace {
  readonly env: GitPlace["env"];
  readonly cwd: string;
  readonly tree?: string;
}

/** Reads what a subject would run, from the working tree that it would run in. */
export async function showSubject(
  place: ShowPlace,
  { subject, content, command, fromHead }: TrustSubject,
): Promise<Shown> {
  if (command === undefined) return { subject, content, base: null, reach: null, root: null };
  const git = gitAt(place);
  const tree = await readTree(git, fromHead !== true);
  const { reachOf } = await import("./reach.ts");
  const reach = await reachOf(tree, command, folderIn(tree.root, git.cwd));
  // Without git nothing else shows later that one of them changed.
  const loaded = tree.isGit ? [] : [...reach.loaded].map((path) => ({ label: path, text: tree.text(path) }));
  const texts = [...reach.texts, ...loaded].filter(({ text }) => text === null || !content.includes(text));
  const whole = [content, ...texts.map(({ label, text }) => `${label}:\n${text ?? unreadable()}`)].join("\n");
  return { subject, content: whole, base: await baseOf(git, tree.root, reach), reach, root: tree.root };
}

/** Files that can run, that differ from a base that was agreed to; null when the base is unknown here. */
export async function changedSince(
  place: ShowPlace,
  { reach, root }: Shown,
  base: Base,
): Promise<readonly string[] | null> {
  if (reach === null || root === null) return [];
  const changes = await changesSince({ ...gitAt(place), cwd: root }, base.commit);
  if (changes === null) return null;
  const files = new Map(Object.entries(base.files));
  return executing(root, changes, reach).filter((path) => files.get(path) !== stateOf(root, path));
}

async function baseOf(git: GitPlace, root: string, reach: Reach): Promise<Base | null> {
  const commit = await commitOf(git);
  if (commit === null) return null;
  const changes = (await changesSince({ ...git, cwd: root }, commit)) ?? [];
  const files = executing(root, changes, reach).map((path) => [path, stateOf(root, path)] as const);
  return { commit, files: Object.fromEntries(files) };
}

const gitAt = ({ env, cwd, tree }: ShowPlace): GitPlace => ({ exec: run, env, cwd: tree ?? cwd });

/** Where a folder lies in a tree; its root when it lies elsewhere. */
function folderIn(root: string, folder: string): string {
  const path = relative(root, folder).split(sep).join("/");
  return path === "" || path.startsWith("..") ? "." : path;
}

/** What cannot be read is never what was agreed to. */
const unreadable = () => `cannot be read (${randomUUID()})`;
