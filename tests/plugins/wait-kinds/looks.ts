import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { GitHub } from "../../../src/github.ts";
import type { LookContext, Options, Pin, PluginContext } from "../../../src/plugin.ts";

/** A folder that goes with the test. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), "p9-kind-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const unused = () => Promise.reject(new Error("GitHub is not asked here"));

/** For kinds that have nothing to do with GitHub. */
export const noGitHub: GitHub = { graphql: unused, rest: unused, repository: unused };

/** What one look gets. */
export function lookContextOf(
  base: PluginContext,
  more: { readonly pin: Pin; readonly options: Options } & Partial<LookContext>,
): LookContext {
  const logFile = join(base.cwd, "look.log");
  const since = base.clock.now();
  return { ...base, waitId: "w1", logFile, look: 0, since, slow: false, memory: {}, remember: () => {}, ...more };
}
