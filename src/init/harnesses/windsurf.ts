import { join } from "node:path";
import { windsurf as adapter } from "../../harness/clients/windsurf.ts";
import { type ClientSetup, hookRows, hooksFile, inHome } from "./client.ts";

const ROWS = hookRows(adapter);

/** Windsurf (facts/harnesses.md; docs.windsurf.com cascade hooks; not tested with the client): no time limits, nothing is answered. */
export const windsurf: ClientSetup = {
  name: "windsurf",
  title: "Windsurf",
  programs: ["windsurf"],
  folders: (env) => [inHome(env, ".codeium/windsurf")],
  files: ({ env, project }) => [
    hooksFile(
      join(project === null ? inHome(env, ".codeium/windsurf") : join(project, ".windsurf"), "hooks.json"),
      ROWS,
      {
        entry: ({ command }, finder) => ({ command: command(finder), show_output: false }),
      },
    ),
  ],
  next: "Windsurf was not tested with p9, and its hooks can say nothing: have the agent ask p9 status, or set p9 mcp up",
};
