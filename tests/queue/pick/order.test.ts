import { expect, test } from "vitest";
import { inOrder } from "../../../src/queue/pick/order.ts";

const at = (minute: number) => `2026-11-20T12:${String(minute).padStart(2, "0")}:00+00:00`;
const item = (name: string, minutes: number | null, created: string | null, files: readonly string[] = []) => ({
  name,
  minutes,
  created_at: created,
  files,
});
const names = (ranked: readonly { item: { name: string } }[]) => ranked.map(({ item: { name } }) => name);

test("inOrder() puts what fits the time left first, then what is near, then what is older", () => {
  const items = [
    item("too long, and old", 30, at(0), ["src/watch/engine.ts"]),
    item("unknown, young", null, at(9)),
    item("unknown, old", null, at(1)),
    item("unknown, same part", null, at(8), ["src/watch/deep/x.ts"]),
    item("unknown, same folder", null, at(8), ["src/watch/other.ts"]),
    item("unknown, same file", null, at(9), ["./src/watch/engine.ts"]),
    item("fits", 5, at(9)),
    item("fits, old", 10, at(2)),
  ];
  const ranked = inOrder(items, { etaS: 600, changed: ["src/watch/engine.ts"] });
  expect(names(ranked)).toEqual([
    "fits, old",
    "fits",
    "unknown, same file",
    "unknown, same folder",
    "unknown, same part",
    "unknown, old",
    "unknown, young",
    "too long, and old",
  ]);
  expect(ranked.map(({ why }) => why)).toEqual([
    ["10 min fit the 10m left"],
    ["5 min fit the 10m left"],
    ["shares src/watch/engine.ts with the change in flight"],
    ["next to the changed files in src/watch/"],
    ["near the changed files in src/watch/"],
    [],
    [],
    ["30 min are more than the 10m left", "shares src/watch/engine.ts with the change in flight"],
  ]);
});

test("inOrder() asks nothing of minutes when nobody knows the time left", () => {
  const items = [item("young and short", 1, at(5)), item("old and long", 500, at(1))];
  expect(names(inOrder(items, { etaS: null, changed: [] }))).toEqual(["old and long", "young and short"]);
});

test("inOrder() keeps the order of a source that gives no dates", () => {
  const items = [item("best", null, null), item("second", null, null), item("pushed", null, at(1))];
  expect(names(inOrder(items, { etaS: 60, changed: [] }))).toEqual(["pushed", "best", "second"]);
});
