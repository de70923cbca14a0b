import { createHash } from "node:crypto";
import { existsSync, realpathSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { timestamp } from "../base/clock.ts";
import { isObject } from "../base/json.ts";
import { readSmallFile } from "../base/small-file.ts";
import { findPolicy, type LoadedPolicy, type PolicyPlace } from "../config/load.ts";
import type { PluginContext, TrustSubject } from "../contract/context.ts";
import { makeDir, replaceFile } from "../store/files.ts";
import { withLock } from "../store/lock/lock.ts";
import { paths } from "../store/paths.ts";
import { repositoryKey } from "./repository-key.ts";
import { type Base, changedSince, type Shown, showSubject } from "./show-subject.ts";

/** What was agreed to about a subject: the hash of what was shown, and the states of the repository that it was agreed to in. */
interface Agreement {
  readonly sha256: string;
  readonly at: string;
  /** Newest first. None: an earlier version of p9 asked, which did not look at what a command runs. */
  readonly bases?: readonly Base[];
}

/** Granted trust by subject. One table per repository. */
type Granted = Readonly<Record<string, Agreement>>;

/** So many states of one repository are remembered: branches that one works on at the same time. */
const MAX_BASES = 12;

/** Where a subject is asked about. */
export interface TrustPlace extends PolicyPlace {
  /** The working tree that it would run in. @default {cwd} */
  readonly tree?: string;
}

/**
 * Whether a piece of a repository's configuration may be acted on: the user's own `config.yaml` says the same, or `p9 trust` was
 * given for exactly this in this repository (any of its worktrees).
 */
export async function isTrusted(place: TrustPlace, subject: TrustSubject): Promise<boolean> {
  const { loadPolicy } = await import("../config/load.ts");
  const policy = await loadPolicy(place).catch(() => null);
  if (policy && isOwn(policy, subject.content)) return true;
  return (await askedAbout(place, subject)).state === "trusted";
}

/** {@link isTrusted} at a place, as parts of p9 get it. */
export function trustedAt(place: TrustPlace): PluginContext["trusted"] {
  return (subject, content, command) =>
    isTrusted(place, { subject, content, ...(command === undefined ? {} : { command }) });
}

/** Whether the user's own `config.yaml` says this. */
export function isOwn({ raw }: Pick<LoadedPolicy, "raw">, content: string): boolean {
  return says(raw.config, content);
}

/** A subject as `p9 trust` asks about it. */
export interface Asked extends Shown {
  /** `new`: this content was never agreed to. `changed`: it was, and files that can run have changed since. */
  readonly state: "trusted" | "new" | "changed";
  /** Those files. */
  readonly changed: readonly string[];
  /** The commit that they are compared with. */
  readonly since: string | null;
}

/** Compares a subject with what was agreed to. */
export async function askedAbout(place: TrustPlace, subject: TrustSubject): Promise<Asked> {
  const shown = await showSubject(place, subject);
  const entry = read(place.home)[keyOf(place)]?.[subject.subject];
  if (entry?.sha256 !== hash(shown.content)) return { ...shown, state: "new", changed: [], since: null };
  const trusted = { ...shown, state: "trusted", changed: [], since: null } as const;
  if (shown.base === null) return trusted;
  let nearest: { readonly changed: readonly string[]; readonly since: string } | null = null;
  for (const base of entry.bases ?? []) {
    const changed = await changedSince(place, shown, base);
    if (changed?.length === 0) return trusted;
    if (changed && (nearest === null || changed.length < nearest.changed.length)) {
      nearest = { changed, since: base.commit };
    }
  }
  if (nearest === null) return { ...shown, state: "new", changed: [], since: null };
  return { ...shown, state: "changed", ...nearest };
}

/** Records the user's consent to what was shown. */
export async function grant(
  place: TrustPlace,
  shown: readonly Pick<Shown, "subject" | "content" | "base">[],
  now: number,
): Promise<void> {
  await change(place, (table) => {
    const added = shown.map(({ subject, content, base }): [string, Agreement] => {
      const sha256 = hash(content);
      const known = table[subject];
      const before = known?.sha256 === sha256 ? (known.bases ?? []) : [];
      const others = before.filter(({ commit }) => commit !== base?.commit);
      const bases = base === null ? {} : { bases: [base, ...others].slice(0, MAX_BASES) };
      return [subject, { sha256, at: timestamp(now), ...bases }];
    });
    return { ...table, ...Object.fromEntries(added) };
  });
}

/** Takes trust back: in one entry, or all of this repository's. Resolves with the entries that lost it, and those that keep it. */
export async function revoke(
  place: TrustPlace,
  entry: string | null = null,
): Promise<{ readonly revoked: readonly string[]; readonly left: readonly string[] }> {
  let result = { revoked: [] as string[], left: [] as string[] };
  await change(place, (table) => {
    const isTaken = (subject: string) => entry === null || subject === entry;
    const subjects = Object.keys(table);
    result = { revoked: subjects.filter(isTaken), left: subjects.filter((subject) => !isTaken(subject)) };
    return Object.fromEntries(Object.entries(table).filter(([subject]) => !isTaken(subject)));
  });
  return result;
}

async function change(place: TrustPlace, edit: (table: Granted) => Granted): Promise<void> {
  const file = paths(place.home).trust;
  makeDir(place.home);
  await withLock(`${file}.lock`, () => {
    const all = { ...read(place.home) };
    const key = keyOf(place);
    const table = edit(all[key] ?? {});
    if (Object.keys(table).length > 0) all[key] = table;
    else delete all[key];
    replaceFile(file, `${JSON.stringify(all, null, 2)}\n`);
  });
}

/** The repository that the folder lies in; without one, the folder of the policy that governs it. */
function keyOf(place: TrustPlace): string {
  const own = repositoryKey(place.cwd);
  if (own !== null) return own;
  const policy = findPolicy(place);
  const workspace = policy === null ? place.cwd : dirname(dirname(policy));
  return existsSync(workspace) ? realpathSync(workspace) : resolve(workspace);
}

function read(home: string): Record<string, Granted> {
  try {
    const value: unknown = JSON.parse(readSmallFile(paths(home).trust, 32 * 1024 * 1024));
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
