import { writeFileSync } from "node:fs";
import { join } from "node:path";
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
] satisfies WaitKindCase[];
