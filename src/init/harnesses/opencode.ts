import { join } from "node:path";
import { type ClientSetup, inConfig } from "./client.ts";
import { packageFile } from "./package-file.ts";

/** opencode (facts/harnesses.md): a module in its folder of plugins, so that no package has to be fetched. */
export const opencode: ClientSetup = {
  name: "opencode",
  title: "opencode",
  programs: ["opencode"],
  folders: (env) => [inConfig(env, "opencode")],
  isUnasked: true,
  files: ({ env, project }) => [
    {
      path: join(project === null ? inConfig(env, "opencode") : join(project, ".opencode"), "plugin/p9.js"),
      text: (finder) => packageFile("opencode.mjs", finder),
    },
  ],
};
