// Installs the agent clients that the tests drive, outside the repository. `P9_TEST_CLIENTS` says which: "all", or their names.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Package, version that the tests were written against, program below node_modules, and the Node that it needs beyond Node 20. */
export const CLIENTS = {
  codex: ["@openai/codex", "0.171.0", ".bin/codex"],
  // Its own start needs a script that runs while it is installed.
  opencode: ["opencode-ai", "1.18.33", `opencode-${process.platform}-${process.arch}/bin/opencode`],
  copilot: ["@github/copilot", "1.0.102", ".bin/copilot"],
  gemini: ["@google/gemini-cli", "0.61.0", ".bin/gemini"],
  pi: ["@earendil-works/pi-coding-agent", "1.6.0", ".bin/pi", "22.23.5"],
  droid: ["droid", "0.215.0", ".bin/droid"],
  cline: ["cline", "3.0.65", ".bin/cline"],
};

/** Names of the clients that are asked for. */
export function askedFor(env = process.env) {
  const names = (env.P9_TEST_CLIENTS ?? "").split(/[\s,]+/).filter(Boolean);
  const unknown = names.filter((name) => name !== "all" && !(name in CLIENTS));
  if (unknown.length > 0)
    throw new Error(`P9_TEST_CLIENTS names "${unknown}": wanted all, or some of ${Object.keys(CLIENTS)}`);
  return names.includes("all") ? Object.keys(CLIENTS) : names;
}

/** Path of a client's program. */
export function programOf(name) {
  const [, version, program] = CLIENTS[name];
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  return join(cache, "p9-test", `${name}-${version}`, "node_modules", program);
}

/** What a client's program is run by: a Node of its own, or nothing. */
export function runtimeOf(name) {
  const [, , path, version] = CLIENTS[name];
  if (version === undefined) return [];
  return [join(programOf(name).slice(0, -path.length), nodePackage, "bin/node")];
}

const nodePackage = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;

/** Resolves when a client is there; its packages run nothing while they are installed. */
function install(name) {
  const program = programOf(name);
  if ([program, ...runtimeOf(name)].every((path) => existsSync(path))) return;
  const [packageName, version, path, node] = CLIENTS[name];
  const runtime = node === undefined ? [] : [`${nodePackage}@${node}`];
  const cwd = join(program.slice(0, -path.length), "..");
  mkdirSync(cwd, { recursive: true });
  writeFileSync(join(cwd, "package.json"), '{"private":true}\n');
  const args = ["install", "--no-audit", "--no-fund", "--ignore-scripts", `${packageName}@${version}`, ...runtime];
  const npm = spawn("npm", args, { cwd, stdio: ["ignore", "ignore", "inherit"] });
  return new Promise((resolve, reject) => {
    npm.once("error", reject);
    npm.once("close", (code) =>
      code === 0 ? resolve() : reject(new Error(`Cannot install ${name}: npm ended with ${code}`)),
    );
  });
}

if (process.argv[1]?.endsWith("install-clients.mjs")) await Promise.all(askedFor().map(install));
