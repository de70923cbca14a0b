import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { timestamp } from "../base/clock.ts";
import { isObject } from "../base/json.ts";
import type { LoadedPolicy, PolicyPlace } from "../config/load.ts";
import type { TrustSubject } from "../contract/context.ts";
import { makeDir, replaceFile } from "../store/files.ts";
import { withLock } from "../store/lock/lock.ts";
import { paths } from "../store/paths.ts";
import { repositoryKey } from "./repository-key.ts";

/** Granted trust: subject → hash of its content. One table per repository. */
type Granted = Readonly<Record<string, { readonly sha256: string; readonly at: string }>>;

/**
 * Whether a piece of a repository's configuration may be acted on: the user's own `config.yaml` says the same, or `p9 trust` was
 * given for exactly this content in this repository (any of its worktrees).
 */
export async function trustedPolicy(place: PolicyPlace, subject: string, content: string): Promise<boolean> {
  const { findPolicy, loadPolicy } = await import("../config/load.ts");
  const policy = await loadPolicy(place).catch(() => null);
  if (policy && isOwn(policy, content)) return true;
  const path = findPolicy(place);
  const workspace = path === null ? place.cwd : dirname(dirname(path));
  return isGranted(place.home, workspace, { subject, content });
}

/** Whether the user's own `config.yaml` says this. */
export function isOwn({ raw }: Pick<LoadedPolicy, "raw">, content: string): boolean {
  return says(raw.config, content);
}

/** Whether `p9 trust` was given for this very content in the repository of `workspace`. */
export function isGranted(home: string, workspace: string, { subject, content }: TrustSubject): boolean {
  const entry = read(home)[repositoryKey(workspace)]?.[subject];
  return entry?.sha256 === hash(content);
}

/** Records the user's consent to subjects. */
export async function grant(
  home: string,
  workspace: string,
  subjects: readonly TrustSubject[],
  now: number,
): Promise<void> {
  await change(home, workspace, (table) => {
    const added = subjects.map(({ subject, content }) => [subject, { sha256: hash(content), at: timestamp(now) }]);
    return { ...table, ...Object.fromEntries(added) };
  });
}

/** Revokes all trust; resolves with the number of subjects that were trusted. */
export async function revoke(home: string, workspace: string): Promise<number> {
  let count = 0;
  await change(home, workspace, (table) => {
    count = Object.keys(table).length;
    return {};
  });
  return count;
}

async function change(home: string, workspace: string, edit: (table: Granted) => Granted): Promise<void> {
  const file = paths(home).trust;
  makeDir(home);
  await withLock(`${file}.lock`, () => {
    const all = { ...read(home) };
    const key = repositoryKey(workspace);
    const table = edit(all[key] ?? {});
    if (Object.keys(table).length > 0) all[key] = table;
    else delete all[key];
    replaceFile(file, `${JSON.stringify(all, null, 2)}\n`);
  });
}

function read(home: string): Record<string, Granted> {
  try {
    const value: unknown = JSON.parse(readFileSync(paths(home).trust, "utf8"));
    return isObject(value) ? (value as Record<string, Granted>) : {};
  } catch {
    // Unreadable counts as "nothing is trusted", the safe side.
    return {};
  }
}

/** Whether a value of the user's own configuration is this content. */
function says(value: unknown, content: string): boolean {
  if (typeof value === "string") return value === content;
  if (typeof value !== "object" || value === null) return false;
  const forms = [JSON.stringify(value), JSON.stringify(value, null, 2)];
  return forms.includes(content) || Object.values(value).some((inner) => says(inner, content));
}

function hash(content: string): string {
  return createHash("sha256").update(content).digest("hex");
}
