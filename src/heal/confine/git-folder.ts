import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { readSmallFile } from "../../base/small-file.ts";
import { type Scratch, withoutSecrets } from "./scratch.ts";
import { shown } from "./toolchains.ts";
import type { Mount } from "./view.ts";

/** The configuration of a repository, its working trees and its submodules, without a password in an address or a header. */
export function secretFreeConfigs(gitFolder: string, scratch: Scratch): Mount[] {
  return configsIn(gitFolder).flatMap((config, at) => secretFree(config, join(scratch.folder, `git-config-${at}`)));
}

function configsIn(gitFolder: string): string[] {
  const folders = (path: string) =>
    existsSync(path) ? readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory()) : [];
  const below = (name: string) => folders(join(gitFolder, name)).map((entry) => join(gitFolder, name, entry.name));
  const isRepository = existsSync(join(gitFolder, "HEAD"));
  const own = ["config", "config.worktree"].map((name) => join(gitFolder, name)).filter((path) => existsSync(path));
  // A submodule's name may have folders in it.
  const inner = isRepository ? [...below("modules"), ...below("worktrees")] : below(".");
  return [...own, ...inner.flatMap(configsIn)];
}

function secretFree(config: string, copy: string): Mount[] {
  const text = withoutSecrets(config);
  if (text === null || text === readSmallFile(config)) return [];
  writeFileSync(copy, text, { mode: 0o600 });
  return shown(config).map(({ to }): Mount => ({ kind: "read", from: copy, to }));
}

/** Folders of objects that the repository shares with another. Whatever else the file names is not shown. */
export function alternates(gitFolder: string): string[] {
  const objects = join(gitFolder, "objects");
  const path = join(objects, "info/alternates");
  const named = existsSync(path) ? readSmallFile(path).split("\n").filter(Boolean) : [];
  return named.map((one) => resolve(objects, one)).filter((one) => existsSync(join(one, "pack")));
}
