import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { type Env, isObject, readSmallFile, UnavailableError } from "../../../src/plugin.ts";
import { clientFolder } from "./folder.ts";

/**
 * The folder of the project's auto memory, found as Claude Code 2.1.328 finds it: `CLAUDE_COWORK_MEMORY_PATH_OVERRIDE`, then
 * the setting `autoMemoryDirectory`, then `<config>/projects/<main repository>/memory`, which all worktrees share.
 *
 * @throws {UnavailableError} when auto memory is switched off.
 */
export function memoryFolder(env: Env, cwd: string, root: string | null): string {
  const settings = readSettings(env, root ?? cwd);
  const switched = env.CLAUDE_CODE_DISABLE_AUTO_MEMORY ?? "";
  if (/^(?:1|true|yes|on)$/i.test(switched)) {
    throw new UnavailableError("auto memory is switched off by CLAUDE_CODE_DISABLE_AUTO_MEMORY", { absent: true });
  }
  const forcedOn = /^(?:0|false|no|off)$/i.test(switched);
  if (!forcedOn && firstOf(settings, "autoMemoryEnabled") === false) {
    throw new UnavailableError("auto memory is switched off by the setting autoMemoryEnabled", { absent: true });
  }
  const override = env.CLAUDE_COWORK_MEMORY_PATH_OVERRIDE;
  if (override && isAbsolute(override)) return override;
  const setting = firstOf(settings, "autoMemoryDirectory");
  if (typeof setting === "string" && setting) return resolve(setting.replace(/^~(?=\/|$)/, env.HOME ?? "~"));
  return projectFolder(env, cwd, root);
}

/** Settings files, the strongest first: managed, the project's local one, the project's, the user's. */
function readSettings(env: Env, project: string): readonly Record<string, unknown>[] {
  const files = [
    "/etc/claude-code/managed-settings.json",
    join(project, ".claude", "settings.local.json"),
    join(project, ".claude", "settings.json"),
    join(clientFolder(env), "settings.json"),
  ];
  return files.flatMap((path) => {
    try {
      const settings: unknown = JSON.parse(readSmallFile(path, 16 * 1024 * 1024));
      return isObject(settings) ? [settings] : [];
    } catch {
      return []; // The client ignores a file that is no plain JSON, too.
    }
  });
}

function firstOf(settings: readonly Record<string, unknown>[], key: string): unknown {
  return settings.find((one) => one[key] !== undefined)?.[key];
}

const LONGEST_SLUG = 200;

function projectFolder(env: Env, cwd: string, root: string | null): string {
  const projects = join(env.CLAUDE_CODE_REMOTE_MEMORY_DIR || clientFolder(env), "projects");
  const named = env.CLAUDE_CONFIG_DIR ? env.CLAUDE_CODE_PROJECT_DIR_NAME : undefined;
  if (named && /^[A-Za-z0-9_-]{1,64}$/.test(named)) return join(projects, named, "memory");
  const slug = (root === null ? cwd : mainRepository(root)).replace(/[^a-zA-Z0-9]/g, "-");
  if (slug.length <= LONGEST_SLUG) return join(projects, slug, "memory");
  // A long path is cut and ends in a hash of the client's own making.
  const start = `${slug.slice(0, LONGEST_SLUG)}-`;
  const found = existsSync(projects) ? readdirSync(projects).find((name) => name.startsWith(start)) : undefined;
  return join(projects, found ?? start, "memory");
}

/** The main working tree of a repository, also from a linked worktree, whose `.git` is a file that points there. */
function mainRepository(root: string): string {
  const dotGit = join(root, ".git");
  try {
    if (statSync(dotGit).isDirectory()) return root;
    const pointed = /^gitdir: (.+)$/m.exec(readSmallFile(dotGit))?.[1]?.trim();
    if (!pointed) return root;
    const gitDir = resolve(root, pointed);
    const common = resolve(gitDir, readSmallFile(join(gitDir, "commondir")).trim());
    return common.endsWith("/.git") ? dirname(common) : root;
  } catch {
    return root; // A submodule has no `commondir`: it is a repository of its own.
  }
}
