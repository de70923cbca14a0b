import { PORT } from "../../../support/place.ts";
import type { Client } from "../client.ts";

/** Cline's CLI with a provider of one's own. */
export const cline: Client = {
  name: "cline",
  settle() {},
  headless: (prompt) => ({ args: ["-P", "openai-compatible", "-m", "lab", "-k", "x", "--json", prompt] }),
  env: () => ({ CLINE_TELEMETRY_DISABLED: "1", OPENAI_BASE_URL: `http://127.0.0.1:${PORT}/v1` }),
};
