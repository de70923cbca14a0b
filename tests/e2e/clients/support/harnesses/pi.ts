import { PORT } from "../../../support/place.ts";
import type { Client } from "../client.ts";

const MODEL = ["--provider", "lab", "--model", "lab"];

/** pi with a provider of one's own. It has no MCP. */
export const pi: Client = {
  name: "pi",
  settle(place) {
    const provider = { baseUrl: `http://127.0.0.1:${PORT}/v1`, api: "openai-completions", apiKey: "x" };
    place.write(
      "home/.pi/agent/models.json",
      JSON.stringify({ providers: { lab: { ...provider, models: [{ id: "lab" }] } } }),
    );
  },
  headless: (prompt) => ({ args: [...MODEL, "-p", prompt] }),
  terminal: { args: MODEL },
  env: () => ({ PI_OFFLINE: "1", PI_SKIP_VERSION_CHECK: "1", PI_TELEMETRY: "0" }),
};
