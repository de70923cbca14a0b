// Installs the Claude Code client that the end-to-end tests drive, outside the repository: `node tests/e2e/claude/support/install-client.mjs`.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** The version the tests were written against; a newer one is tried by setting P9_TEST_CLAUDE_VERSION. */
const version = process.env.P9_TEST_CLAUDE_VERSION ?? "2.1.328";
const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "p9-test", `claude-code-${version}`);
const program = join(folder, "node_modules/@anthropic-ai", `claude-code-${process.platform}-${process.arch}`, "claude");

if (!existsSync(program)) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{"private":true}\n');
  execFileSync("npm", ["install", "--no-audit", "--no-fund", `@anthropic-ai/claude-code@${version}`], {
    cwd: folder,
    stdio: ["ignore", "inherit", "inherit"],
  });
}
console.log(program);
