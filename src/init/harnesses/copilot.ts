import { join } from "node:path";
import { parseSettings } from "../../config/json-problem.ts";
import { copilot as adapter } from "../../harness/clients/copilot.ts";
import { readText } from "../files.ts";
import { type ClientSetup, type Env, hookRows, hooksFile, inHome } from "./client.ts";

/** The client has each event in two spellings, and would run both. */
const ROWS = hookRows(adapter, (event) => /^[a-z]/.test(event));

/** Copilot CLI (facts/harnesses.md; github/docs hooks-reference): every file of a folder, handlers without groups. */
export const copilot: ClientSetup = {
  name: "copilot",
  title: "Copilot CLI",
  programs: ["copilot"],
  folders: (env) => [copilotHome(env)],
  files: ({ env, project }) => [
    hooksFile(join(project === null ? copilotHome(env) : join(project, ".github"), "hooks/p9.json"), ROWS, {
      frame: { version: 1 },
      entry: ({ command, seconds }, finder) => ({ type: "command", bash: command(finder), timeoutSec: seconds }),
    }),
  ],
  hindrance({ env, project }, cwd) {
    // The user's own hooks run in every folder.
    if (project === null || trusted(env).some((folder) => `${cwd}/`.startsWith(join(folder, "/")))) return null;
    return { why: "Copilot runs a project's hooks in trusted folders only", mend: "start copilot here and trust it" };
  },
};

function copilotHome(env: Env): string {
  return env.COPILOT_HOME || inHome(env, ".copilot");
}

/** The folders that the user has trusted. */
function trusted(env: Env): readonly string[] {
  try {
    const { trusted_folders: folders } = parseSettings(readText(join(copilotHome(env), "config.json")) ?? "{}");
    return Array.isArray(folders) ? folders.filter((one) => typeof one === "string") : [];
  } catch {
    return [];
  }
}
