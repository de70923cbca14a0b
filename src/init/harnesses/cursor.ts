import { join } from "node:path";
import { cursor as adapter } from "../../harness/clients/cursor.ts";
import { type ClientSetup, hookRows, hooksFile, inHome } from "./client.ts";

/** Its own spelling; of the two events after a command the one whose answer the model hears. */
const ROWS = hookRows(adapter, (event) => /^[a-z]/.test(event) && event !== "afterShellExecution");

/** Cursor (facts/harnesses.md: its documentation, not tested with the client). */
export const cursor: ClientSetup = {
  name: "cursor",
  title: "Cursor",
  programs: ["cursor", "cursor-agent"],
  folders: (env) => [inHome(env, ".cursor")],
  files: ({ env, project }) => [
    hooksFile(join(project === null ? inHome(env, ".cursor") : join(project, ".cursor"), "hooks.json"), ROWS, {
      frame: { version: 1 },
      entry: ({ command, seconds }, finder) => ({ command: command(finder), timeout: seconds }),
    }),
  ],
  next: "Cursor was not tested with p9: what it does is by its documentation",
};
