import type { DiscoverContext, FoundItem, QueueSource } from "../../../src/plugin.ts";
import { askSource } from "../../../src/queue/pick/ask-source.ts";
import { discoverContext } from "../../../src/queue/pick/discover.ts";
import type { QueueContextInput } from "../../../src/queue/queue-context.ts";
import { world } from "../../queue/world.ts";

/** What came of asking a source. */
export interface Answer {
  readonly items: readonly FoundItem[];
  readonly texts: readonly string[];
  /** `unavailable: reason`, `failed: reason`, or null. */
  readonly problem: string | null;
}

/** A home from which sources are asked as `pop` asks them; the same place remembers what a source keeps. */
export function asker(): (
  source: QueueSource,
  input?: Partial<QueueContextInput>,
  more?: Partial<DiscoverContext>,
) => Promise<Answer> {
  const home = world();
  return async (source, input = {}, more = {}) => {
    const place = home.place(input);
    const asked = await askSource(source, (signal) => ({ ...discoverContext(place, source.name, signal), ...more }));
    const [first] = asked.problems;
    const texts = asked.items.map(({ item }) => item);
    return { items: asked.items, texts, problem: first ? `${first.kind}: ${first.message}` : null };
  };
}
