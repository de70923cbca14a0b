import { oneLine } from "../base/text.ts";
import { NUDGE, type Waker } from "./waker.ts";

const TIMEOUT_MS = 20_000;

/**
 * Codex CLI 0.171: `codex queue` starts a turn of an idle thread in less than a second (facts/harnesses.md, "Wake"). `--resume` loads a
 * thread that no client has open. Sent to a thread that runs, a message may be lost (openai/codex#41060).
 */
export const codex: Waker = {
  async nudge({ session, root, env }, exec) {
    const argv = ["codex", "queue", "--thread", session, "--resume", "--message", NUDGE];
    const { code, stderr, notFound, timedOut } = await exec(argv, { cwd: root, env, timeoutMs: TIMEOUT_MS });
    if (notFound) throw new Error("codex is not on PATH");
    if (timedOut) throw new Error(`codex queue did not end in ${TIMEOUT_MS / 1000} s`);
    if (code !== 0) throw new Error(`codex queue ended with ${code}: ${oneLine(stderr, 200)}`);
  },
};
