import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { missingForNamespace } from "../../support/namespace.ts";

/** The version of the client that the tests were written against. */
export const CLIENT_VERSION = process.env.P9_TEST_CLAUDE_VERSION ?? "2.1.328";

/** Path of the client's program, or undefined when test set-up has not installed it. */
export function findClient(): string | undefined {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  const path =
    process.env.P9_TEST_CLAUDE ??
    join(
      cache,
      "p9-test",
      `claude-code-${CLIENT_VERSION}`,
      "node_modules/@anthropic-ai",
      `claude-code-${process.platform}-${process.arch}`,
      "claude",
    );
  return existsSync(path) ? path : undefined;
}

/** Why the client tests cannot run here, or null. `P9_TEST_REQUIRE_CLIENT=1` (continuous integration) makes it an error. */
export function missingForClient(): string | null {
  const reasons = [missingForNamespace()].filter((reason) => reason !== null);
  if (findClient() === undefined)
    reasons.push(
      `Claude Code ${CLIENT_VERSION} is not installed: run "node tests/e2e/claude/support/install-client.mjs"`,
    );
  if (reasons.length === 0) return null;
  const why = reasons.join("; ");
  if (process.env.P9_TEST_REQUIRE_CLIENT === "1") throw new Error(`Cannot run the Claude Code tests: ${why}`);
  console.warn(`Skipping the Claude Code tests: ${why}`);
  return why;
}
