import { PORT } from "../../../support/place.ts";
import type { Client } from "../client.ts";

/** Copilot CLI, offline, with a provider of one's own. */
export const copilot: Client = {
  name: "copilot",
  settle(place, mcp) {
    const servers = mcp.map(({ name, command, args, env }) => [
      name,
      { type: "local", command, args, env, tools: ["*"] },
    ]);
    place.write("home/.copilot/mcp-config.json", JSON.stringify({ mcpServers: Object.fromEntries(servers) }));
  },
  headless: (prompt) => ({ args: ["-p", prompt, "--allow-all-tools"] }),
  terminal: { args: ["--allow-all-tools"] },
  env: (place) => ({
    COPILOT_HOME: `${place.home}/.copilot`,
    COPILOT_OFFLINE: "true",
    COPILOT_AUTO_UPDATE: "false",
    COPILOT_PROVIDER_BASE_URL: `http://127.0.0.1:${PORT}/v1`,
    COPILOT_PROVIDER_API_KEY: "x",
    COPILOT_MODEL: "lab",
  }),
};
