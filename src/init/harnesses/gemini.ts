import { dirname, join } from "node:path";
import { parseSettings } from "../../config/json-problem.ts";
import { gemini as adapter } from "../../harness/clients/gemini.ts";
import { readText } from "../files.ts";
import { HookEdit } from "../hook-edit.ts";
import { type ClientSetup, type Env, type HookShape, hookRows, hooksFile, inHome, isOfTool } from "./client.ts";

const ROWS = hookRows(adapter);

/** Claude's groups, in milliseconds. */
const SHAPE: HookShape = {
  entry: (row, finder) => ({
    ...(isOfTool(row) ? { matcher: "run_shell_command" } : {}),
    hooks: [{ name: "p9", type: "command", command: row.command(finder), timeout: row.seconds * 1000 }],
  }),
};

/** What lets the end of a background command go on with an idle session (seen; the first alone does nothing). */
export const WAKE_SETTINGS = [
  { path: ["tools", "shell", "backgroundCompletionBehavior"], value: "inject" },
  { path: ["experimental", "modelSteering"], value: true },
] as const;

/**
 * Gemini CLI (facts/harnesses.md; google-gemini/gemini-cli docs/hooks): hooks of the settings, which were seen to run; those of an
 * extension were not.
 */
export const gemini: ClientSetup = {
  name: "gemini",
  title: "Gemini CLI",
  programs: ["gemini"],
  folders: (env) => [inHome(env, ".gemini")],
  files: ({ env, project }) => {
    const path = join(project === null ? inHome(env, ".gemini") : join(project, ".gemini"), "settings.json");
    const hooks = hooksFile(path, ROWS, SHAPE);
    return [
      {
        path,
        install(text, finder, agreed) {
          const change = hooks.install(text, finder, agreed);
          if (!agreed.wake || hasWake(change.text)) return change;
          const edit = new HookEdit(change.text);
          for (const { path: key, value } of WAKE_SETTINGS) edit.set([...key], value);
          edit.say("turned on what a wake needs");
          const { text: after, done } = edit.result();
          return { text: after, done: [...change.done, ...done] };
        },
      },
    ];
  },
  hindrance({ env }, cwd) {
    const trust = trustOf(cwd, readText(inHome(env, ".gemini/trustedFolders.json")) ?? "{}");
    if (trust !== "DO_NOT_TRUST") return null;
    return { why: `Gemini was told not to trust "${cwd}"`, mend: "/permissions in Gemini changes that" };
  },
};

/** Whether the user's settings lack {@link WAKE_SETTINGS}. */
export function lacksWake(env: Env): boolean {
  try {
    return !hasWake(readText(inHome(env, ".gemini/settings.json")) ?? "");
  } catch {
    // What cannot be edited is told by the set-up itself.
    return false;
  }
}

function hasWake(text: string): boolean {
  const edit = new HookEdit(text);
  return WAKE_SETTINGS.every(({ path, value }) => edit.get([...path]) === value);
}

/** What the client was told about a folder or the nearest above it. */
function trustOf(cwd: string, text: string): unknown {
  try {
    const told = parseSettings(text);
    for (let folder = cwd; ; folder = dirname(folder)) {
      if (told[folder] !== undefined) return told[folder];
      if (folder === dirname(folder)) return undefined;
    }
  } catch {
    return undefined;
  }
}
