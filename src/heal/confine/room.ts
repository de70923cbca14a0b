import { existsSync, lstatSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { makeDir } from "../../store/files.ts";
import type { BoundFolder } from "./dependencies.ts";
import { alternates, secretFreeConfigs } from "./git-folder.ts";
import { hidden, isIn } from "./hidden.ts";
import type { Scratch } from "./scratch.ts";
import { socketsIn } from "./sockets.ts";
import { linksIn, type Shown, shown, toolchains } from "./toolchains.ts";
import type { Mount, View } from "./view.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** The places of one confined heal. */
export interface Room {
  readonly worktree: string;
  /** The user's checkout. */
  readonly checkout: string;
  /** The repository's own git folder. */
  readonly gitFolder: string;
  /** p9's state directory. */
  readonly state: string;
  readonly scratch: Scratch;
  /** Caches that set-ups of this repository share, and nobody else. */
  readonly cache: string;
  /** Folders of them that commands have to read, after a set-up. */
  readonly lent: readonly string[];
  readonly bound: readonly BoundFolder[];
}

/** Where the home of a confined command is. */
export function homeIn(room: Room, env: Env): string {
  return hidden(env, []).homes[0] ?? room.scratch.home;
}

/** What a heal's commands see: their worktree, an empty home, a folder for temporary files, caches; toolchains to read. */
export function viewOf(room: Room, env: Env, { installs, network }: { installs: boolean; network: boolean }): View {
  const { worktree, scratch } = room;
  const away = hidden(env, [room.checkout, room.state]);
  const own = (paths: readonly string[], from: string): Mount[] => paths.map((to) => ({ kind: "write", from, to }));
  const caches = join(homeIn(room, env), ".cache");
  const covers = [...away.homes, ...away.temporary, ...away.empty];
  const isHidden = (path: string) => !covers.includes(path) && covers.some((folder) => isIn(path, folder));
  const mounts: Mount[] = [
    ...away.empty.map((to): Mount => ({ kind: "empty", to })),
    ...own(away.temporary, scratch.temporary),
    ...own(away.homes, scratch.home),
    ...[...away.files, ...socketsIn(isHidden)].map((to): Mount => ({ kind: "read", from: emptyFile(scratch), to })),
    ...own([caches], installs ? room.cache : scratch.cache),
    ...(installs ? [] : lentFolders(room, caches)),
    ...shownFolders(room, env, covers, isHidden, away.homes),
    ...(away.homes.length === 0 ? own([scratch.home], scratch.home) : []),
    ...own([worktree], worktree),
    ...tools(room),
  ];
  return { mounts: inOrder(mounts), cwd: worktree, base: scratch.base, network: network || installs };
}

function lentFolders({ lent, cache }: Room, caches: string): Mount[] {
  return lent.map((name): Mount => ({ kind: "read", from: join(cache, name), to: join(caches, name) }));
}

/** Outer folders first; of two at the same place the later one counts. */
function inOrder(mounts: readonly Mount[]): Mount[] {
  const last = new Map(mounts.map((mount) => [mount.to, mount]));
  return [...last.values()].sort((a, b) => a.to.length - b.to.length);
}

/** Those that are not shown with a folder around them, which nothing that is hidden lies in between. */
function outermost(all: readonly Shown[], covers: readonly string[]): Shown[] {
  const kept: Shown[] = [];
  const distinct = [...new Map(all.map((one) => [one.to, one])).values()];
  for (const one of distinct.sort((a, b) => a.to.length - b.to.length)) {
    const hides = covers.filter((cover) => isIn(one.to, cover));
    const around = kept.findLast(({ to }) => isIn(one.to, to) && hides.every((cover) => isIn(to, cover)));
    if (!around || !existsSync(join(around.from, relative(around.to, one.to)))) kept.push(one);
  }
  return kept;
}

/** What lies in a hidden folder and is needed all the same, to read. */
function shownFolders(
  { gitFolder, bound, checkout, scratch }: Room,
  env: Env,
  covers: readonly string[],
  isHidden: (path: string) => boolean,
  homes: readonly string[],
): Mount[] {
  const all: Shown[] = [
    ...["/run/current-system", "/run/systemd/resolve", "/run/resolvconf", "/run/NetworkManager"].flatMap(shown),
    ...toolchains(env, homes, isHidden),
    ...bound.flatMap(({ from, linked }) => [...shown(from), ...linked.flatMap((folder) => linksIn(folder, isHidden))]),
    ...[gitFolder, join(checkout, ".git"), ...alternates(gitFolder)].flatMap(shown),
  ];
  const needed = outermost(
    all.filter(({ to }) => isHidden(to)),
    covers,
  );
  return [
    ...needed.map((one): Mount => ({ kind: "read", ...one })),
    ...needed.flatMap(({ from, to }) => withoutLogin(from, to, scratch)),
    ...secretFreeConfigs(gitFolder, scratch),
  ];
}

/** Files with a login in folders of toolchains. */
const LOGINS = ["credentials", "credentials.toml", ".credentials", "auth.json"];

function withoutLogin(from: string, to: string, scratch: Scratch): Mount[] {
  const there = LOGINS.map((name) => ({ name, at: join(from, name) })).filter(({ at }) => existsSync(at));
  return there.map(({ name, at }): Mount => {
    if (statSync(at).isDirectory()) return { kind: "empty", to: join(to, name) };
    return { kind: "read", from: emptyFile(scratch), to: join(to, name) };
  });
}

function emptyFile({ folder }: Scratch): string {
  const path = join(folder, "empty");
  if (!existsSync(path)) writeFileSync(path, "", { mode: 0o600 });
  return path;
}

/** What in the worktree cannot be written: the way to its repository, and the user's installed dependencies. */
function tools({ worktree, bound, scratch }: Room): Mount[] {
  const git = join(worktree, ".git");
  const folders = bound.flatMap(({ from, to }, at): Mount[] => {
    const own = cachesIn(from).map((name): Mount => {
      const cache = join(scratch.folder, `caches-${at}`, name);
      makeDir(cache);
      return { kind: "write", from: cache, to: join(to, name) };
    });
    return [{ kind: "read", from, to }, ...own];
  });
  return [{ kind: "read", from: git, to: git }, ...folders];
}

/** Folders of installed dependencies that tools write to while they run. */
function cachesIn(folder: string): string[] {
  const known = readdirSync(folder).filter((name) => /^\.(?:cache|vite|vite-temp|vitest|tmp)$/.test(name));
  return known.filter((name) => lstatSync(join(folder, name)).isDirectory());
}
