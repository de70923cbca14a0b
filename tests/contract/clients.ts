import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** As in `install.mjs`. */
const VERSIONS = {
  vercel: "59.25.4",
  "@elastic/elasticsearch": "9.4.3",
  meilisearch: "0.62.0",
  turbo: "2.11.11",
  "@circleci/mcp-server-circleci": "0.20.0",
  "azure-devops-node-api": "17.0.1",
};

/** A vendor's own client. */
export type Client = keyof typeof VERSIONS;

/** Path of a file of an installed client. */
export function inClient(name: Client, file: string): string {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  return join(cache, "p9-test", `${name.replace("/", "+")}-${VERSIONS[name]}`, "node_modules", name, file);
}

/** Whether a client is missing, which is said; continuous integration (`P9_TEST_REQUIRE_CLIENT=1`) makes it an error. */
export function isMissing(name: Client): boolean {
  if (existsSync(inClient(name, "package.json"))) return false;
  const why = `${name} ${VERSIONS[name]} is not installed: run "node tests/contract/install.mjs"`;
  if (process.env.P9_TEST_REQUIRE_CLIENT === "1") throw new Error(`Cannot run the contract tests: ${why}`);
  console.log(`Left out: ${why}`);
  return true;
}
