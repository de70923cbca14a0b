import { defineConfig } from "vitest/config";

export default defineConfig({
  root: new URL("..", import.meta.url).pathname,
  test: {
    include: ["tests/**/*.test.ts"],
    exclude: ["tests/fixtures/**", "node_modules/**", "dist/**"],
    globalSetup: ["tests/global-setup.ts"],
    pool: "forks",
    // Most tests wait for other processes: more of them at once than there are cores fill the time.
    maxWorkers: 4,
    // On two cores at a load of 8 to 12 a test takes six times as long as alone. One that takes more than ten seconds alone
    // declares a limit of its own.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 50_000 } },
  },
});
