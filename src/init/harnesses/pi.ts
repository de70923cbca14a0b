import { join } from "node:path";
import { type ClientSetup, type Env, inHome } from "./client.ts";
import { packageFile } from "./package-file.ts";

/** pi (facts/harnesses.md; its docs): a module in its folder of extensions. */
export const pi: ClientSetup = {
  name: "pi",
  title: "pi",
  // Too short a name to belong to one program only.
  programs: [],
  folders: (env) => [agentFolder(env)],
  isUnasked: true,
  files: ({ env, project }) => [
    {
      path: join(project === null ? agentFolder(env) : join(project, ".pi"), "extensions/p9.ts"),
      text: (finder) => packageFile("pi.mjs", finder),
    },
  ],
};

function agentFolder(env: Env): string {
  return env.PI_CODING_AGENT_DIR || inHome(env, ".pi/agent");
}
