import { expect, test } from "vitest";
import {
  type DiscoverContext,
  defineQueueSource,
  type FoundItem,
  ObservationError,
  UnavailableError,
} from "../../../src/plugin.ts";
import { askSource } from "../../../src/queue/pick/ask-source.ts";
import { discover, discoverContext } from "../../../src/queue/pick/discover.ts";
import { world } from "../world.ts";

type Discover = (context: DiscoverContext) => Promise<readonly FoundItem[]>;

async function ask(discover: unknown, timeoutS = 0.2) {
  const source = defineQueueSource({ name: "wiki", summary: "A source", timeoutS, discover: discover as Discover });
  const place = world().place();
  return askSource(source, (signal) => discoverContext(place, "wiki", signal));
}

test("askSource() gives what a source offers, without control characters and secrets", async () => {
  const asked = await ask(async () => [
    { item: "Look\u001b[31m at \u202ethis", key: "a", why: "two\nlines", minutes: 3, files: ["x.ts"] },
    { item: "token ghp_0123456789abcdefghijABCDEFGHIJ012345", key: "b" },
  ]);
  expect(asked).toMatchObject({ problems: [], complete: true });
  expect(asked.items[0]).toMatchObject({ item: "Look at this", why: "two lines", minutes: 3, files: ["x.ts"] });
  expect(asked.items[1]?.item).not.toContain("ghp_0123");
});

test.each<[string, unknown, string, string]>([
  ["throws", async () => Promise.reject(new Error("boom\nat line 3")), "failed", "boom at line 3"],
  [
    "throws at once",
    () => {
      throw new Error("boom");
    },
    "failed",
    "boom",
  ],
  ["says why it cannot be asked", async () => Promise.reject(new UnavailableError("no key")), "unavailable", "no key"],
  ["cannot reach what it needs", async () => Promise.reject(new ObservationError("502")), "unavailable", "502"],
  ["hangs", () => new Promise(() => {}), "failed", "no answer within 0.2 s"],
  ["gives no list", async () => ({ items: [] }), "failed", "gave no list of items"],
  ["gives nothing", async () => undefined, "failed", "gave no list of items"],
])("a source that %s is told by its name and reason", async (_, discover, kind, message) => {
  expect(await ask(discover)).toEqual({ items: [], problems: [{ source: "wiki", kind, message }], complete: false });
});

test.each<[string, unknown]>([
  ["is no object", "read the docs"],
  ["has no text", { item: " ", key: "a" }],
  ["has no key", { item: "x" }],
  ["has files that are no paths", { item: "x", key: "a", files: [1] }],
  ["has minutes that are no number", { item: "x", key: "a", minutes: "5" }],
  ["has endless minutes", { item: "x", key: "a", minutes: Number.POSITIVE_INFINITY }],
  ["has an unknown tier", { item: "x", key: "a", tier: "banana" }],
  ["has a time that is none", { item: "x", key: "a", createdAt: Number.NaN }],
  ["has a why that is no text", { item: "x", key: "a", why: 5 }],
])("an item that %s is refused by the source's name, and the others stay", async (_, wrong) => {
  const asked = await ask(async () => [wrong, { item: "fine", key: "ok" }, wrong]);
  expect(asked.items).toEqual([expect.objectContaining({ item: "fine" })]);
  expect(asked.problems).toEqual([
    { source: "wiki", kind: "failed", message: expect.stringMatching(/^gave an item /) },
  ]);
  expect(asked.complete).toBe(false);
});

test("askSource() ends what a late source still does, and takes each key once", async () => {
  let aborted = false;
  await ask(
    (context: DiscoverContext) =>
      new Promise(() =>
        context.signal.addEventListener("abort", () => {
          aborted = true;
        }),
      ),
  );
  expect(aborted).toBe(true);
  const twice = await ask(async () => [
    { item: "a", key: "k" },
    { item: "b", key: "k" },
  ]);
  expect(twice.items).toHaveLength(1);
});

test("askSource() takes no more than is of use, and then knows that there may be more", async () => {
  const asked = await ask(async () => Array.from({ length: 500 }, (_, n) => ({ item: `item ${n}`, key: `${n}` })));
  expect(asked.items).toHaveLength(50);
  expect(asked.complete).toBe(false);
});

test("a source gets the defaults of its options, durations in seconds", async () => {
  let given: unknown;
  const source = defineQueueSource({
    name: "wiki",
    summary: "A source",
    options: {
      age: { type: "duration", default: "2m", description: "How old" },
      team: { type: "string", required: true, description: "Whose" },
    },
    discover: async ({ options }) => {
      given = options;
      return [];
    },
  });
  await discover(world().place(), source, "wiki", []);
  expect(given).toEqual({ age: 120 });
});
