import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { startCi } from "../../servers/ci/vendor.ts";
import { woodpeckerVendor } from "../../servers/ci/woodpecker.ts";
import type { WaitKindCase } from "../fixture.ts";

const running = (state: string, line: string): WaitKindCase => ({
  title: `while the build ${state}`,
  prepare: () => ({ argv: ["sh", "-c", line] }),
});

export default [
  running("runs", "sleep 60"),
  running("went well", "true"),
  running("failed", "exit 3"),
  {
    title: "with a process that runs already",
    prepare: ({ work }) => {
      const log = join(work, "log");
      writeFileSync(log, "3/4\n");
      return { options: { pid: process.pid, log } };
    },
  },
  ...(["running", "success", "failure"] as const).map(
    (state): WaitKindCase => ({
      title: `while a run of another CI says ${state}`,
      prepare: async (world) => {
        const server = await startCi(woodpeckerVendor);
        onTestFinished(() => server.close());
        server.world.state = state;
        const env = { ...world.env, ...woodpeckerVendor.env(server.url) };
        return { ref: woodpeckerVendor.pages(server.url)[0] ?? "", context: () => world.context({ env }) };
      },
    }),
  ),
] satisfies WaitKindCase[];
