import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { isObject } from "../base/json.ts";
import type { HookAnswer, HookCall, HookEvent } from "../harness/harness.ts";

/** A client whose plugins are code in its own process. */
type Harness = "opencode" | "pi";

const TIMEOUT_MS = 30_000;

/**
 * Calls p9's hook for a client in p9's own words, by the script that decides without a start of Node whether there is anything to do. A
 * hook that fails, or takes too long, answers nothing: the client goes on.
 */
export async function callHook(harness: Harness, event: HookEvent, call: Partial<HookCall>): Promise<HookAnswer> {
  const child = spawn("/bin/sh", [script(), event, "--harness", harness], {
    cwd: call.cwd,
    stdio: ["pipe", "pipe", "ignore"],
    timeout: TIMEOUT_MS,
  });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (part: string) => {
    text += part;
  });
  child.stdin.on("error", () => {}); // It may answer without having read.
  child.stdin.end(JSON.stringify(call));
  return new Promise((resolve) => {
    child.once("error", () => resolve({}));
    child.once("close", () => resolve(answerIn(text)));
  });
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
