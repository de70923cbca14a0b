// Installs the vendors' own clients that the contract tests drive, outside the repository: `node tests/contract/install.mjs`.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Name and version, as the tests were written against. */
export const CLIENTS = {
  vercel: "59.25.4",
  "@elastic/elasticsearch": "9.4.3",
  meilisearch: "0.62.0",
  turbo: "2.11.11",
  "@circleci/mcp-server-circleci": "0.20.0",
  "azure-devops-node-api": "17.0.1",
};

/** Where a client is installed. */
export function folderOf(name) {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  return join(cache, "p9-test", `${name.replace("/", "+")}-${CLIENTS[name]}`);
}

if (process.argv[1]?.endsWith("install.mjs")) {
  for (const [name, version] of Object.entries(CLIENTS)) {
    const folder = folderOf(name);
    if (existsSync(join(folder, "node_modules", name))) continue;
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), '{"private":true}\n');
    execFileSync("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", `${name}@${version}`], {
      cwd: folder,
      stdio: ["ignore", "ignore", "inherit"],
    });
  }
}
