import { onTestFinished } from "vitest";
import { systemClock } from "../../../src/base/clock.ts";
import { setUp } from "../../github/ask.ts";
import type { WaitKindCase } from "../fixture.ts";

const checked = (state: string, starts: number, ends: number): WaitKindCase => ({
  title: `while the pull request ${state}`,
  needs: ["gh"],
  prepare: async (world) => {
    const { server, client, clock, stop } = await setUp();
    onTestFinished(stop);
    const pull = server.world.repo("octo/app").pull(42);
    pull.head.checks({ name: "lint", starts, ends, conclusion: "SUCCESS" });
    clock.advance(120_000);
    const env = { ...world.env, ...server.env };
    const context = () => ({
      ...world.context({ github: client, env, repo: "octo/app" }),
      clock: { ...systemClock, now: () => clock.now() },
    });
    return { ref: "42", context };
  },
});

export default [checked("runs", 5, 900), checked("is green", 0, 0)];
