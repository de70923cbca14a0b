import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "vitest";
import { type Check, runChecks } from "../../src/conformance/check.ts";
import type { GitHub } from "../../src/github.ts";
import type { Env, PluginContext } from "../../src/plugin.ts";
import { makePluginContext } from "../../src/plugins-host/context.ts";
import { killAllWith } from "../helpers/processes.ts";
import { atTestEnd } from "../helpers/test-end.ts";

/** A state directory and a working directory, and contexts in them. */
export interface ConformanceWorld {
  readonly home: string;
  readonly work: string;
  readonly env: Env;
  readonly folders: { readonly watched: readonly string[]; readonly own: readonly string[] };
  context(more?: { readonly github?: GitHub; readonly env?: Env; readonly repo?: string }): PluginContext;
  /** Removes it, with every process started from it. */
  close(): Promise<void>;
}

/** The session that asks in every world. */
export const SESSION = "session-1";
/** The file that its pull request changes. */
export const CHANGED_FILE = "src/cache.ts";

/** Writes a file below a folder. */
export function write(folder: string, path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

const refuse = () => Promise.reject(new Error("GitHub must not be asked here"));
const noGitHub: GitHub = { graphql: refuse, rest: refuse, repository: refuse };

/** Makes one. It is closed when the test ends; pass `keep` to close it yourself. */
export function conformanceWorld(options: { readonly keep?: boolean } = {}): ConformanceWorld {
  const dir = mkdtempSync(join(tmpdir(), "p9-conformance-"));
  const close = async () => {
    await killAllWith(dir);
    rmSync(dir, { recursive: true, force: true });
  };
  if (!options.keep) atTestEnd(close);
  const home = join(dir, "state");
  const work = join(dir, "work");
  for (const folder of [home, work]) mkdirSync(folder);
  const env = { PATH: `${join(dir, "bin")}:${process.env.PATH}`, HOME: dir, P9_TEST_WORLD: dir };
  return {
    home,
    work,
    env,
    folders: { watched: [work, home], own: ["data", "logs", "runs"].map((name) => join(home, name)) },
    context: (more = {}) =>
      makePluginContext({ plugin: "conformance", home, cwd: work, env, github: noGitHub, ...more }),
    close,
  };
}

/** Runs the checks; all must hold, and none may be left out but `skipped`. */
export async function expectConformance(checks: readonly Check[], skipped: readonly string[] = []): Promise<void> {
  const results = await runChecks(checks);
  expect(results.filter(({ verdict }) => verdict === "failed")).toEqual([]);
  const left = results.filter(({ verdict }) => verdict === "skipped").map(({ name }) => name);
  expect(left.filter((name) => !skipped.includes(name))).toEqual([]);
}
