import { DegradedError, errorText, HeadMovedError } from "../core/errors.ts";
import { isFinal, isRunning } from "../core/states.ts";
import type { Wait } from "../core/wait.ts";
import { escalate } from "../escalate/escalate.ts";
import type { WatchDeps } from "../watch/deps.ts";
import { rearm } from "../watch/owner/recover.ts";
import { applyHeal } from "./repair/apply.ts";
import type { Healed, HealRequest } from "./repair/heal-request.ts";

/** How a heal loop ended. */
export interface LoopEnd {
  /** `green`; `over`: merged, closed or abandoned; `escalated`; `red`: not healable; `stopped`: by the user or the session's end. */
  readonly how: "green" | "over" | "escalated" | "red" | "stopped";
  readonly reason: string;
  readonly wait: Wait | null;
  readonly healed: readonly Healed[];
}

const POLL_MS = 500;
/** Polls between checks that the watcher lives; a killed one brings no verdict and meets no deadline. */
const REARM_EVERY = 10;

/**
 * Heals until green or one of the five endings (contract): the wait is MERGED, ESCALATED or ABANDONED; the attempts are used up; two
 * cycles running were stalled; the user interrupts; the session ends.
 */
export async function healLoop(request: HealRequest, session: string, deps: WatchDeps): Promise<LoopEnd> {
  const healed: Healed[] = [];
  const startedAt = deps.clock.now();
  const end = (how: LoopEnd["how"], reason: string): LoopEnd => ({ how, reason, wait: current(request, deps), healed });
  for (;;) {
    const wait = await verdict(request, session, startedAt, deps);
    if (wait === "stopped") return end("stopped", "The user or the end of the session stopped it");
    if (wait.state === "GREEN" || wait.state === "MERGE_READY") return end("green", wait.extra.reason ?? "It is green");
    if (isFinal(wait.state)) return end("over", wait.extra.reason ?? `It is ${wait.state}`);
    if (wait.state === "ESCALATED") return end("escalated", wait.extra.reason ?? "A human has it");
    const one = await applyHeal(request, deps).catch((error: unknown) => {
      // Watch and judge a moved head anew; the loop goes on with its verdict.
      if (error instanceof HeadMovedError) return null;
      throw error;
    });
    if (one === null) {
      await deps.clock.sleep(POLL_MS, request.signal);
      continue;
    }
    healed.push(one);
    request.say(one.reason);
    if (one.did === "stalled" || one.did === "spent" || one.did === "human") {
      const held = one.wait
        ? await escalate(deps.store.find(one.wait.wait_id) ?? one.wait, one.reason, request.policy, {
            store: deps.store,
            env: deps.env,
            now: () => deps.clock.now(),
          })
        : null;
      return end(held ? "escalated" : "red", one.reason);
    }
    if (one.did === "nothing" || one.did === "would") return end("red", one.reason);
  }
}

function current({ repo, pr }: HealRequest, deps: WatchDeps): Wait | null {
  return deps.store.findPr(repo, pr);
}

/** Resolves with the wait once it has a verdict, or with `stopped` when the loop must end first. */
async function verdict(
  request: HealRequest,
  session: string,
  startedAt: number,
  deps: WatchDeps,
): Promise<Wait | "stopped"> {
  for (let poll = 1; ; poll += 1) {
    if (request.signal?.aborted || isStopped(session, startedAt, deps)) return "stopped";
    const wait = current(request, deps);
    if (!wait)
      throw new DegradedError(`Cannot heal #${request.pr} in a loop: it is not watched`, {
        hint: `p9 watch ${request.pr} --background`,
      });
    if (!isRunning(wait.state)) return wait;
    if (poll % REARM_EVERY === 0) await rearm(deps).catch((error) => deps.log.warn(errorText(error)));
    await deps.clock.sleep(POLL_MS, request.signal);
  }
}

/** Whether a hook wrote `heal.stop`: the user prompted, or the session ended. */
function isStopped(session: string, startedAt: number, deps: WatchDeps): boolean {
  for (const event of deps.store.events({ since: startedAt - 1_000 })) {
    if (event.type === "heal.stop" && event.session_id === session && Date.parse(event.ts) + 999 >= startedAt)
      return true;
  }
  return false;
}
