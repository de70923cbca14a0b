import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { isObject } from "../base/json.ts";
import type { HookAnswer, HookCall, HookEvent } from "../harness/harness.ts";
import { run } from "../process/exec.ts";

/** A client whose plugins are code in its own process. */
type Harness = "opencode" | "pi";

const TIMEOUT_MS = 30_000;

/**
 * Calls p9's hook for a client in p9's own words, by the script that decides without a start of Node whether there is anything to do. A
 * hook that fails, or takes too long, answers nothing: the client goes on.
 */
export async function callHook(harness: Harness, event: HookEvent, call: Partial<HookCall>): Promise<HookAnswer> {
  const argv = ["sh", script(), event, "--harness", harness];
  const { stdout } = await run(argv, { cwd: call.cwd, input: JSON.stringify(call), timeoutMs: TIMEOUT_MS });
  return answerIn(stdout);
}

/** `hooks/harness.sh` beside the folder of the build, or of the sources. */
function script(): string {
  const near = (path: string) => fileURLToPath(new URL(path, import.meta.url));
  const built = near("../hooks/harness.sh");
  return existsSync(built) ? built : near("../../hooks/harness.sh");
}

function answerIn(text: string): HookAnswer {
  try {
    const answer: unknown = JSON.parse(text);
    return isObject(answer) ? answer : {};
  } catch {
    return {};
  }
}
