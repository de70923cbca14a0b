import { expect, test } from "vitest";
import { didYouMean, nearest } from "../../src/base/nearest.ts";

test.each([
  ["statez", "states"],
  ["STATES", "states"],
  ["setlle", "settle"],
  ["blocked_path", "blocked_paths"],
  ["xyz", null],
  ["", null],
])("nearest() takes %j for %j", (word, meant) => {
  expect(nearest(word, ["states", "state_of", "settle", "blocked_paths"])).toBe(meant);
});

test("didYouMean() says nothing where nothing is near", () => {
  expect(didYouMean("colour", ["states"])).toBe("");
  expect(didYouMean("satte", ["state"])).toBe(' (did you mean "state"?)');
});
