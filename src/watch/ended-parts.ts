import type { LookItem, LookResult } from "../contract/wait-kind.ts";
import { errorText } from "../core/errors.ts";
import type { Wait } from "../core/wait.ts";
import type { WatchDeps } from "./deps.ts";

const ENDED: ReadonlySet<LookItem["state"]> = new Set(["succeeded", "neutral", "skipped", "failed", "cancelled"]);

/** Tells healing which parts of a wait have ended, each once. Nothing waits for what it does with them, and nothing fails with it. */
export class EndedParts {
  readonly #told = new Set<string>();
  /** One at a time: what ends meanwhile is told next. */
  #last: Promise<void> = Promise.resolve();
  #unwanted = new AbortController();

  /** `over`: the wait has its verdict, so that no later look need tell more. */
  tell(wait: Wait, { items = [] }: Pick<LookResult, "items">, over: boolean, deps: WatchDeps): void {
    const fresh = items.filter((item) => hasEnded(item) && !this.#told.has(keyOf(wait, item)));
    if (fresh.length === 0 && !over) return;
    for (const item of fresh) this.#told.add(keyOf(wait, item));
    // A command that watched ends with the verdict, and not with what is still under way.
    if (over) this.stop();
    const { signal } = this.#unwanted;
    this.#last = this.#last
      .then(() => deps.healing.ended(wait, { fresh, items, over, signal }, deps))
      .catch((error) => deps.log.info(`${wait.ref}: ${errorText(error)}`));
  }

  /** Breaks off what is under way. */
  stop(): void {
    this.#unwanted.abort();
    this.#unwanted = new AbortController();
  }
}

/** The same for the same run of the same part. */
function keyOf({ sha }: Wait, { name, url, endedAt, state }: LookItem): string {
  return JSON.stringify([sha, url ?? name, endedAt, state]);
}

/** Whether a part has ended. */
export function hasEnded({ state }: Pick<LookItem, "state">): boolean {
  return ENDED.has(state);
}
