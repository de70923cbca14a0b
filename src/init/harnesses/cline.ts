import { join } from "node:path";
import { cline as adapter } from "../../harness/clients/cline.ts";
import { type ClientSetup, hookRows, inHome, OWN_MARK } from "./client.ts";

/** p9 refuses nothing in this client: see its adapter. */
const ROWS = hookRows(adapter, (event) => event !== "PreToolUse");

/** Cline CLI (facts/harnesses.md): one executable for each event, named for it. It runs those of all its folders: p9's lie in one. */
export const cline: ClientSetup = {
  name: "cline",
  title: "Cline",
  programs: ["cline"],
  folders: (env) => [inHome(env, ".cline")],
  isUnasked: true,
  files: ({ env, project }) =>
    ROWS.map(({ event, command }) => ({
      path: join(project === null ? inHome(env, ".cline/hooks") : join(project, ".clinerules/hooks"), event),
      text: (finder) => `#!/bin/sh\n# ${OWN_MARK}.\n${command(finder)}\n`,
      mode: 0o755,
    })),
};
