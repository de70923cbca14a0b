import { onTestFinished } from "vitest";
import { systemClock } from "../../../src/base/clock.ts";
import { setUp } from "../../github/ask.ts";
import type { WaitKindCase } from "../fixture.ts";

const reviewed = (title: string, state: "PENDING" | "SUCCESS", description: string, threads = 0): WaitKindCase => ({
  title,
  needs: ["gh"],
  prepare: async (world) => {
    const { server, client, clock, stop } = await setUp();
    onTestFinished(stop);
    const pull = server.world.repo("octo/app").pull(42);
    pull.head.status({ context: "CodeRabbit", states: [[0, state, description]] });
    for (let line = 1; line <= threads; line += 1)
      pull.threads.push({ path: "src/app.ts", line, author: "coderabbitai[bot]", at: server.world.now() });
    clock.advance(120_000);
    const env = { ...world.env, ...server.env };
    const context = () => ({
      ...world.context({ github: client, env, repo: "octo/app" }),
      clock: { ...systemClock, now: () => clock.now() },
    });
    return { ref: "42", context };
  },
});

export default [
  reviewed("while a reviewer is at it", "PENDING", "Review in progress"),
  reviewed("when it is reviewed", "SUCCESS", "Review completed"),
  reviewed("when threads are open", "SUCCESS", "Review completed", 2),
];
