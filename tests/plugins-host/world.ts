import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GitHub } from "../../src/github.ts";
import type { DiscoverContext, LookContext, Pin } from "../../src/plugin.ts";
import { makePluginContext } from "../../src/plugins-host/context.ts";
import type { PluginProblem, PluginScope } from "../../src/plugins-host/find/scope.ts";
import { killAllWith } from "../helpers/processes.ts";
import { atTestEnd, type OwnTest } from "../helpers/test-end.ts";

/** A state directory with plugins, and contexts to call them with. */
export interface PluginWorld {
  readonly dir: string;
  readonly scope: PluginScope;
  /** What was reported of plugins. */
  readonly problems: PluginProblem[];
  /** What plugins logged. */
  readonly logged: string[];
  /** Writes a file of the state directory, executable when it is no module, and gives its path. */
  write(name: string, text: string): string;
  /** Configures these plugins. */
  use(...plugins: readonly unknown[]): void;
  discover(more?: Partial<DiscoverContext>): DiscoverContext;
  look(pin: Pin, more?: Partial<LookContext>): LookContext;
}

const refuse = () => Promise.reject(new Error("GitHub must not be asked here"));
const github: GitHub = { graphql: refuse, rest: refuse, repository: refuse };

/** Makes one; it is gone, with every process started from it, when the test ends. */
export function pluginWorld(env: Readonly<Record<string, string>> = {}, test?: OwnTest): PluginWorld {
  const dir = mkdtempSync(join(tmpdir(), "p9-plugins-"));
  atTestEnd(async () => {
    await killAllWith(dir);
    rmSync(dir, { recursive: true, force: true });
  }, test);
  const problems: PluginProblem[] = [];
  const logged: string[] = [];
  const log = { info: (text: string) => void logged.push(text), warn: (text: string) => void logged.push(text) };
  const all = { PATH: process.env.PATH, HOME: dir, P9_TEST_WORLD: dir, ...env };
  const scope = { home: dir, env: all, cwd: dir, report: (problem: PluginProblem) => void problems.push(problem) };
  const base = () => makePluginContext({ plugin: "test", home: dir, env: all, cwd: dir, github, log });
  return {
    dir,
    scope,
    problems,
    logged,
    write(name, text) {
      const path = join(dir, name);
      mkdirSync(join(path, ".."), { recursive: true });
      writeFileSync(path, text);
      if (!/\.[cm]?[jt]s$|\.json$/.test(name)) chmodSync(path, 0o755);
      return path;
    },
    use: (...plugins) => writeFileSync(join(dir, "plugins.jsonc"), JSON.stringify({ plugins })),
    discover: (more) => ({
      ...base(),
      options: {},
      root: dir,
      sessions: [],
      pr: null,
      etaS: null,
      limit: 20,
      changedFiles: async () => ["src/a.ts"],
      diff: async () => "+ one line",
      ...more,
    }),
    look: (pin, more) => ({
      ...base(),
      waitId: "w1",
      logFile: join(dir, "look.log"),
      pin,
      options: {},
      look: 0,
      since: 0,
      slow: false,
      memory: {},
      remember: () => {},
      ...more,
    }),
  };
}
