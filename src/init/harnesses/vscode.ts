import { join } from "node:path";
import { isObject } from "../../base/json.ts";
import { vscode as adapter } from "../../harness/clients/vscode.ts";
import { HookEdit } from "../hook-edit.ts";
import { type ClientSetup, type Env, hookRows, hooksFile, inConfig, inHome } from "./client.ts";

const ROWS = hookRows(adapter);

/** Setting that names further folders of hooks, by what VS Code takes: below the project, or below `~`. */
const LOCATIONS = "chat.hookFilesLocations";

/**
 * VS Code's agent (code.visualstudio.com docs/copilot/customization/hooks; not tested with the client). The folders that it reads by
 * itself are those of Copilot CLI and Claude Code too: p9's hooks lie in one of their own.
 */
export const vscode: ClientSetup = {
  name: "vscode",
  title: "VS Code",
  programs: ["code"],
  folders: (env) => [userFolder(env)],
  files: ({ env, project }) => {
    const folder = project === null ? inHome(env, ".vscode") : join(project, ".vscode");
    const location = `${project === null ? "~/" : ""}.vscode/hooks`;
    return [
      hooksFile(join(folder, "hooks/p9.json"), ROWS, {
        entry: ({ command, seconds }, finder) => ({ type: "command", command: command(finder), timeout: seconds }),
      }),
      {
        path: join(project === null ? userFolder(env) : folder, "settings.json"),
        install(text) {
          const edit = new HookEdit(text);
          if (edit.get([LOCATIONS, location]) === true) return edit.result();
          edit.set([LOCATIONS, location], true);
          edit.say(`named "${location}" in ${LOCATIONS}`);
          return edit.result();
        },
      },
    ];
  },
  next: "VS Code was not tested with p9: what its agent does is by its documentation",
};

/** Takes p9's folder of hooks out of VS Code's settings. */
export function dropLocation(edit: HookEdit): void {
  for (const location of ["~/.vscode/hooks", ".vscode/hooks"]) {
    if (edit.get([LOCATIONS, location]) !== true) continue;
    edit.set([LOCATIONS, location], undefined);
    edit.say(`took "${location}" out of ${LOCATIONS}`);
    const left = edit.get([LOCATIONS]);
    if (isObject(left) && Object.keys(left).length === 0) edit.set([LOCATIONS], undefined);
  }
}

function userFolder(env: Env): string {
  return process.platform === "darwin"
    ? inHome(env, "Library/Application Support/Code/User")
    : inConfig(env, "Code/User");
}
