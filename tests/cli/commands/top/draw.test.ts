import { expect, test } from "vitest";
import { wholeHints } from "../../../../src/cli/commands/top/draw.ts";

test("a narrow footer leaves out whole hints, and cuts none", () => {
  const hints = ["q quit", "? keys", "/ filter"];
  expect([40, 24, 23, 14, 6, 5].map((width) => wholeHints(hints, width))).toEqual([
    "q quit  ? keys  / filter",
    "q quit  ? keys  / filter",
    "q quit  ? keys",
    "q quit  ? keys",
    "q quit",
    "",
  ]);
});
