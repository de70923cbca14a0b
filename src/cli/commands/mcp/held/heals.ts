import type { Clock } from "../../../../base/clock.ts";
import type { Answer } from "../answer.ts";

/** An answer that nobody fetched within this time says nothing about a repair that is asked for now. */
const KEPT_MS = 10 * 60_000;

/** A repair that was asked for. */
interface Heal {
  readonly answer: Promise<Answer>;
  endedAt: number | null;
}

/** Repairs that go on when their call ends: the next call with the same arguments joins them. */
export class Heals {
  readonly #clock: Clock;
  readonly #heals = new Map<string, Heal>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The answer of the repair of that name; begins it unless it is under way, or has an answer that nobody fetched. */
  join(name: string, begin: () => Promise<Answer>): Promise<Answer> {
    const known = this.#heals.get(name);
    const isOld = known?.endedAt != null && this.#clock.monotonic() - known.endedAt > KEPT_MS;
    if (known && !isOld) return known.answer;
    const heal: Heal = {
      answer: begin().finally(() => {
        heal.endedAt = this.#clock.monotonic();
      }),
      endedAt: null,
    };
    this.#heals.set(name, heal);
    return heal.answer;
  }

  /** Forgets an answer that was given. */
  fetched(name: string): void {
    this.#heals.delete(name);
  }

  /** Resolves when none is under way. */
  async settled(): Promise<void> {
    await Promise.allSettled([...this.#heals.values()].map(({ answer }) => answer));
  }
}
