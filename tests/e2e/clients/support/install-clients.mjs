// Installs the agent clients that the tests drive, outside the repository. `P9_TEST_CLIENTS` says which: "all", or their names.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Package, version that the tests were written against, and program of each client. */
export const CLIENTS = {
  codex: ["@openai/codex", "0.171.0", "codex"],
  opencode: ["opencode-ai", "1.18.33", "opencode"],
  copilot: ["@github/copilot", "1.0.102", "copilot"],
  gemini: ["@google/gemini-cli", "0.61.0", "gemini"],
  pi: ["@earendil-works/pi-coding-agent", "1.6.0", "pi"],
  droid: ["droid", "0.215.0", "droid"],
  cline: ["cline", "3.0.65", "cline"],
};

/** Names of the clients that are asked for. */
export function askedFor(env = process.env) {
  const names = (env.P9_TEST_CLIENTS ?? "").split(/[\s,]+/).filter(Boolean);
  const unknown = names.filter((name) => name !== "all" && !(name in CLIENTS));
  if (unknown.length > 0) throw new Error(`P9_TEST_CLIENTS names "${unknown}": wanted all, or some of ${Object.keys(CLIENTS)}`);
  return names.includes("all") ? Object.keys(CLIENTS) : names;
}

/** Path of a client's program. */
export function programOf(name) {
  const [, version, program] = CLIENTS[name];
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  return join(cache, "p9-test", `${name}-${version}`, "node_modules/.bin", program);
}

function install(name) {
  const program = programOf(name);
  if (existsSync(program)) return;
  const [packageName, version] = CLIENTS[name];
  const folder = join(program, "../../..");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{"private":true}\n');
  const npm = (...words) => execFileSync("npm", words, { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  npm("install", "--no-audit", "--no-fund", "--ignore-scripts", `${packageName}@${version}`);
}

if (process.argv[1]?.endsWith("install-clients.mjs")) for (const name of askedFor()) install(name);
