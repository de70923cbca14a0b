import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { GitHub } from "../../../../src/github.ts";
import type { JsonObject, PluginContext } from "../../../../src/plugin.ts";
import { makePluginContext } from "../../../../src/plugins-host/context.ts";
import { BORN } from "../../../servers/vendors/world.ts";

/** GitHub where nobody is logged in. */
export const noGitHub: GitHub = {
  graphql: async () => {
    throw new Error("gh is not logged in");
  },
  repository: async () => {
    throw new Error("gh is not logged in");
  },
  rest: async () => {
    throw new Error("gh is not logged in");
  },
};

/** As if everything had been agreed to in `p9 trust`, and nothing stood in the user's own configuration. */
export const granted: PluginContext["trusted"] = async (subject) => subject !== "";

/** A folder that is gone when the test is over. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), "p9-providers-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The context that the engine gives, with a clock that stands still and patience of ten seconds. */
export function asker(
  env: Readonly<Record<string, string | undefined>>,
  more: {
    cwd?: string;
    github?: GitHub;
    config?: JsonObject;
    repo?: string | null;
    trusted?: PluginContext["trusted"];
    now?: () => number;
  } = {},
): PluginContext {
  const cwd = more.cwd ?? scratch();
  const context = makePluginContext({
    plugin: "deploy",
    home: cwd,
    env: { PATH: process.env.PATH, HOME: cwd, ...env },
    cwd,
    github: more.github ?? noGitHub,
    config: more.config ?? {},
    repo: more.repo ?? null,
    clock: { now: more.now ?? (() => BORN), monotonic: () => 0, sleep: async () => {} },
    ...(more.trusted ? { trusted: more.trusted } : {}),
  });
  return { ...context, fetch: (url, init) => context.fetch(url, { timeoutMs: 10_000, ...init }) };
}
