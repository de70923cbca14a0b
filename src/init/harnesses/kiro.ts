import { join } from "node:path";
import { kiro as adapter } from "../../harness/clients/kiro.ts";
import { type ClientSetup, hookRows, inHome } from "./client.ts";

/** Triggers of version 3; an answer before a tool goes nowhere. */
const ROWS = hookRows(adapter, (event) => /^[A-Z]/.test(event) && event !== "PreToolUse");

/** Kiro 3 (kiro.dev docs/cli/v3/hooks, changelog 2.13; not tested with the client): every file of a folder, a list of hooks. */
export const kiro: ClientSetup = {
  name: "kiro",
  title: "Kiro",
  programs: ["kiro-cli", "kiro"],
  folders: (env) => [inHome(env, ".kiro")],
  files: ({ env, project }) => [
    {
      path: join(project === null ? inHome(env, ".kiro") : join(project, ".kiro"), "hooks/p9.json"),
      text: (finder) => {
        const hooks = ROWS.map((row) => ({
          name: `p9-${row.event}`,
          trigger: row.event,
          action: { type: "command", command: row.command(finder) },
          timeout: row.seconds,
          enabled: true,
        }));
        return `${JSON.stringify({ version: "v1", hooks }, null, 2)}\n`;
      },
    },
  ],
  next: "Kiro was not tested with p9, and only version 3 reads these hooks",
};
