import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The variables with which the real `gh` talks to a server on that unix socket, believing it to be github.com. */
export function ghEnvironment(directory: string, socket: string): Record<string, string> {
  const config = join(directory, "gh");
  mkdirSync(config, { recursive: true });
  writeFileSync(join(config, "config.yml"), `http_unix_socket: ${socket}\nprompt: disabled\n`);
  return {
    GH_CONFIG_DIR: config,
    GH_TOKEN: "gho_testtoken0000000000000000000000000000",
    GH_PROMPT_DISABLED: "1",
    GH_NO_UPDATE_NOTIFIER: "1",
    GH_HOST: "",
    GH_REPO: "",
    GH_ENTERPRISE_TOKEN: "",
    GITHUB_TOKEN: "",
  };
}
