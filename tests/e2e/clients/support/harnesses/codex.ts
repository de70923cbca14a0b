import { PORT } from "../../../support/place.ts";
import type { Client, McpServer } from "../client.ts";

/** Codex CLI, told of a provider that speaks its Responses API. */
export const codex: Client = {
  name: "codex",
  settle(place, mcp) {
    const servers = mcp.map(serverTable).join("");
    place.write(
      "home/.codex/config.toml",
      `${CONFIG}${servers}[projects.${quoted(place.project)}]\ntrust_level = "trusted"\n`,
    );
  },
  headless: (prompt) => ({ args: ["exec", "--json", prompt] }),
  terminal: { args: [] },
  env: (place) => ({ CODEX_HOME: `${place.home}/.codex`, LAB_KEY: "x" }),
};

const quoted = (text: string) => JSON.stringify(text);

const CONFIG = `model = "lab"
model_provider = "lab"
approval_policy = "never"
sandbox_mode = "danger-full-access"
check_for_update_on_startup = false
[analytics]
enabled = false
[model_providers.lab]
name = "lab"
base_url = "http://127.0.0.1:${PORT}/v1"
wire_api = "responses"
env_key = "LAB_KEY"
`;

function serverTable({ name, command, args, env }: McpServer): string {
  const variables = Object.entries(env)
    .map(([key, value]) => `${key} = ${quoted(value)}\n`)
    .join("");
  return `[mcp_servers.${name}]\ncommand = ${quoted(command)}\nargs = ${JSON.stringify(args)}\n[mcp_servers.${name}.env]\n${variables}`;
}
