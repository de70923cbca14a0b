import { describe, expect, test } from "vitest";
import { cellText, clip, fitLine, inCells, widthOf, wrap } from "../../../../src/cli/commands/top/cells.ts";
import { fitted } from "../../../../src/cli/commands/top/columns.ts";

test.each([
  ["plain", 5],
  ["naïve …", 7],
  ["日本語", 6],
  ["👨‍👩‍👧", 2],
  ["❤️", 2],
  ["1️⃣", 2],
  ["🇩🇪", 2],
  ["e\u0301", 1],
  ["한국", 4],
  ["ＡＢ", 4],
  ["שלום", 4],
])("%s takes %i cells", (text, cells) => {
  expect(widthOf(text)).toBe(cells);
});

test("a text is cut between characters, never inside one, and fills its cells exactly", () => {
  expect(clip("日本語です", 5)).toBe("日本…");
  expect(clip("日本語です", 4)).toBe("日…");
  expect(clip("👨‍👩‍👧👨‍👩‍👧", 3)).toBe("👨‍👩‍👧…");
  expect(clip("abc", 0)).toBe("");
  for (const text of ["日本語です", "plain text that goes on", "👨‍👩‍👧 family", ""])
    for (let width = 1; width < 12; width += 1) expect(widthOf(inCells(text, width))).toBe(width);
});

test("a cell holds no control character, no sequence and nothing that turns the direction", () => {
  expect(cellText("a\u001b[2Jb\nc\td\u202ee\u0007\u009b1mf")).toBe("ab c def");
});

test("lines are broken at spaces where there are any", () => {
  expect(wrap("one two three four", 9)).toEqual(["one two", "three", "four"]);
  expect(wrap("abcdefghij", 4)).toEqual(["abcd", "efgh", "ij"]);
  expect(wrap("日本語です", 4)).toEqual(["日本", "語で", "す"]);
  expect(wrap("", 4)).toEqual([]);
  expect(wrap("日本", 1)).toEqual(["日", "本"]);
});

describe("columns", () => {
  const cells = [
    { text: "state", width: 6 },
    { text: "a long name of something", grow: 2, least: 4 },
    { text: "only where it is wide", grow: 1, least: 4, from: 40 },
  ];
  const drawn = (width: number) =>
    fitLine(fitted(width, cells), width)
      .map(({ text }) => text)
      .join("");

  test.each([1, 5, 8, 20, 39, 40, 80, 300])("fill a line of %i cells exactly", (width) => {
    expect(widthOf(drawn(width))).toBe(width);
  });

  test("leave out what there is no room for", () => {
    expect(drawn(39)).toBe("state   a long name of something       ");
    expect(drawn(80)).toContain("only where it is");
  });
});
