import { PORT } from "../../../support/place.ts";
import type { Client } from "../client.ts";

/** opencode with a provider of one's own; nothing is fetched. */
export const opencode: Client = {
  name: "opencode",
  settle(place, mcp) {
    // A folder of settings that looks as if its packages were installed: without a network each start would wait 70 s for them.
    const dependencies = { "@opencode-ai/plugin": "1.18.33" };
    place.write("home/.config/opencode/node_modules/.keep", "");
    place.write("home/.config/opencode/package.json", JSON.stringify({ dependencies }));
    place.write("home/.config/opencode/package-lock.json", JSON.stringify({ packages: { "": { dependencies } } }));
    const model = { npm: "@ai-sdk/openai-compatible", name: "lab", models: { lab: { name: "lab" } } };
    const options = { baseURL: `http://127.0.0.1:${PORT}/v1`, apiKey: "x" };
    const servers = mcp.map(({ name, command, args, env }) => [
      name,
      { type: "local", command: [command, ...args], enabled: true, environment: env },
    ]);
    place.write(
      "home/.config/opencode/opencode.json",
      JSON.stringify({
        $schema: "https://opencode.ai/config.json",
        autoupdate: false,
        share: "disabled",
        model: "lab/lab",
        small_model: "lab/lab",
        permission: "allow",
        provider: { lab: { ...model, options } },
        mcp: Object.fromEntries(servers),
      }),
    );
  },
  headless: (prompt) => ({ args: ["run", "--format", "json", prompt] }),
  terminal: { args: [] },
  env: () => ({
    OPENCODE_DISABLE_AUTOUPDATE: "1",
    OPENCODE_DISABLE_MODELS_FETCH: "1",
    OPENCODE_DISABLE_LSP_DOWNLOAD: "1",
  }),
};
