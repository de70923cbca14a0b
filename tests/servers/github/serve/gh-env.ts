import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Somebody who is logged in to a host. */
export interface HostLogin {
  host: string;
  user: string;
  token: string;
}

/**
 * Writes `hosts.yml`, which says to `gh` which hosts are GitHub's and who is logged in there, and gives the variables with which `gh` believes it
 * rather than a token in the environment. Source: cli/cli, `gh help environment`: a token in the environment takes precedence.
 */
export function writeHosts(env: Record<string, string>, logins: HostLogin[]): Record<string, string> {
  const text = logins.map(
    ({ host, user, token }) => `${host}:\n    user: ${user}\n    oauth_token: ${token}\n    git_protocol: https\n`,
  );
  writeFileSync(join(env.GH_CONFIG_DIR ?? "", "hosts.yml"), text.join(""), { mode: 0o600 });
  return { ...env, GH_TOKEN: "" };
}

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
