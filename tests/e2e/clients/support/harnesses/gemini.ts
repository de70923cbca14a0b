import { PORT } from "../../../support/place.ts";
import type { Client } from "../client.ts";

const MODEL = ["-m", "gemini-2.5-flash", "--yolo"];

/** Gemini CLI with a key, and its API on loopback. */
export const gemini: Client = {
  name: "gemini",
  settle(place, mcp) {
    const servers = mcp.map(({ name, command, args, env }) => [name, { command, args, env, trust: true }]);
    place.write(
      "home/.gemini/settings.json",
      JSON.stringify({
        security: { auth: { selectedType: "gemini-api-key" } },
        privacy: { usageStatisticsEnabled: false },
        general: { disableAutoUpdate: true, enableAutoUpdate: false },
        mcpServers: Object.fromEntries(servers),
      }),
    );
  },
  headless: (prompt) => ({ args: [...MODEL, "--output-format", "json", "-p", prompt], env: { NO_COLOR: "1" } }),
  terminal: { args: MODEL },
  env: () => ({
    GEMINI_API_KEY: "x",
    GOOGLE_GEMINI_BASE_URL: `http://127.0.0.1:${PORT}`,
    GEMINI_TELEMETRY_ENABLED: "false",
    GEMINI_CLI_TRUST_WORKSPACE: "true",
  }),
};
