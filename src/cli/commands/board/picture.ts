import type { Clock } from "../../../base/clock.ts";
import { gather } from "../../../stats/gather.ts";
import { statsPage } from "../../../stats/page.ts";
import type { Store } from "../../../store/store.ts";
import { VERSION } from "../../../version.ts";

/** The log is read whole for it, so all pages share one drawing for so long. */
const FRESH_MS = 20_000;

/** The picture of `p9 stats --html`, over everything that is recorded. */
export class Picture {
  readonly #store: Store;
  readonly #clock: Clock;
  #drawn: { readonly at: number; readonly html: string } | null = null;

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** The page as it is now, or was a moment ago. */
  html(): string {
    const at = this.#clock.monotonic();
    if (this.#drawn === null || at - this.#drawn.at > FRESH_MS) {
      const gathered = gather(this.#store, { since: null, now: this.#clock.now() });
      this.#drawn = { at, html: statsPage({ ...gathered, version: VERSION }) };
    }
    return this.#drawn.html;
  }
}
