import { PORT } from "../../../support/place.ts";
import type { Client } from "../client.ts";

/** Factory's droid with a model of one's own, without a login. */
export const droid: Client = {
  name: "droid",
  settle(place, mcp) {
    const model = {
      model: "lab",
      id: "custom:lab-0",
      displayName: "lab",
      baseUrl: `http://127.0.0.1:${PORT}/v1`,
      apiKey: "x",
      provider: "generic-chat-completion-api",
      maxOutputTokens: 4096,
    };
    place.write("home/.factory/settings.json", JSON.stringify({ customModels: [model] }));
    const servers = mcp.map(({ name, command, args, env }) => [
      name,
      { type: "stdio", command, args, env, disabled: false },
    ]);
    place.write("home/.factory/mcp.json", JSON.stringify({ mcpServers: Object.fromEntries(servers) }));
  },
  headless: (prompt) => ({ args: ["exec", "--auto", "high", "-m", "custom:lab-0", prompt] }),
  env: () => ({}),
};
