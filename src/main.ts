#!/usr/bin/env node
import { writeSync } from "node:fs";
import { redact } from "./base/redact.ts";
import { main } from "./cli/program/program.ts";
import { errorText } from "./core/errors.ts";

untrace(process.argv.slice(2), process.env);
main(process.argv.slice(2)).then(
  (code) => {
    // Not process.exit(), which would cut off pending output.
    process.exitCode = code;
  },
  (error) => {
    writeSync(2, `p9: internal error: ${redact(errorText(error))}\n`);
    process.exitCode = 1;
  },
);

/**
 * Removes the session's git trace from commands that heal and from the shared driver, because their pushes are not the agent's. A
 * command that p9 runs for the agent (`watch -- ./release.sh`) keeps it.
 */
function untrace(argv: readonly string[], env: Record<string, string | undefined>): void {
  const own = argv[0] === "heal" || (argv[0] === "drive" && !argv.includes("--wait"));
  if (own && env.BROOMVA_P9_SESSION_OF && env.GIT_TRACE2_EVENT?.includes(`/inbox/${env.BROOMVA_P9_SESSION_OF}/`))
    env.GIT_TRACE2_EVENT = "0";
}
