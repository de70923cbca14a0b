import { expect, test } from "vitest";
import { amountDone, timeLeft } from "../../src/base/how-far.ts";

test.each([
  [250, "about 4m 10s left"],
  [10, "about 10s left"],
  [9, "any moment now"],
  [0, "any moment now"],
  [-29, "any moment now"],
  [-240, "later than usual: 4m over"],
])("an end that is expected in %d s is told in words that hold", (leftS, words) => {
  expect(timeLeft(leftS)).toBe(words);
});

test.each([
  [12, 40, 30, "12/40 (30%)"],
  [3, 7, null, "3/7"],
  [5, null, null, "5"],
  [null, null, 42.4, "42%"],
  [null, null, 99.7, "99%"],
  [199, 200, 99.5, "199/200 (99%)"],
  [7, 7, 100, "all 7 done"],
  [1, 1, 100, "1/1 (100%)"],
  [null, null, 100, "all done"],
  [0, 0, null, "0/0"],
  [null, null, null, ""],
])("%s of %s (%s percent) is %j: all of it only where all is done", (done, total, percent, words) => {
  expect(amountDone({ done, total, percent })).toBe(words);
});
