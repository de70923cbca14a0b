import { onTestFinished } from "vitest";
import { systemClock } from "../../../src/base/clock.ts";
import { createGitHub } from "../../../src/github/client.ts";
import { run } from "../../../src/process/exec.ts";
import { startGitHub } from "../../servers/github/mod.ts";
import type { PrepareSource } from "../fixture.ts";

/** A pull request with an open thread of a review bot. */
export default (async ({ env }) => {
  const server = await startGitHub();
  onTestFinished(() => server.stop());
  const pull = server.world.repo("octo/app").pull(42);
  pull.threads.push({ path: "src/cache.ts", line: 3, author: "coderabbitai[bot]", body: "This may be null" });
  const login = { ...env, ...server.env };
  return {
    env: login,
    github: createGitHub({ exec: run, env: login, clock: systemClock }),
    pr: { repo: "octo/app", number: 42, branch: pull.branch, title: pull.title, body: null, sha: pull.head.sha },
  };
}) satisfies PrepareSource;
