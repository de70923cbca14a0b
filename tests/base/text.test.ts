import { expect, test } from "vitest";
import { oneLine, stripControls } from "../../src/base/text.ts";

test("stripControls() leaves letters, marks and emoji of every kind as they are", () => {
  for (const text of [
    "Zürich",
    "e\u0301te\u0301",
    "नमस्ते",
    "日本語",
    "עברית",
    "👩‍💻 👨‍👩‍👧‍👦 ❤️ 👍🏽 🏳️‍🌈 🇨🇭",
    "a\tb\nc",
  ]) {
    expect(stripControls(text)).toBe(text);
  }
});

test("stripControls() takes out what is not seen: tags, bidirectional marks, joiners and selectors that belong to no emoji, fillers", () => {
  const unseen = [
    "\u{e0041}",
    "\u{e007f}",
    "\u202e",
    "\u2066",
    "\u200b",
    "\u200d",
    "\ufe0f",
    "\ufe00",
    "\u{e0100}",
    "\u00ad",
    "\u034f",
    "\u115f",
    "\u3164",
    "\u180e",
    "\u061c",
    "\u2028",
    "\u2060",
    "\ufeff",
    "\ufff9",
    "\u0000",
    "\u0085",
    "\u007f",
  ];
  for (const char of unseen) expect(stripControls(`a${char}b`), JSON.stringify(char)).toBe("ab");
  expect(stripControls("👩\u200d\u200d👩 👩\u200da ❤\ufe0f\ufe0f")).toBe("👩👩 👩a ❤\ufe0f");
});

test("stripControls() takes out escape sequences, and no more than the line of one that does not end", () => {
  expect(stripControls("\u001b]8;;https://example.org\u0007link\u001b]8;;\u001b\\ \u001b[38;5;1mred\u009b0m")).toBe(
    "link red",
  );
  expect(stripControls("a\u001b]0;title\nb\u001bPq\nc")).toBe("a\nb\nc");
  expect(stripControls("10 %\r20 %\r\nend")).toBe("10 %\n20 %\nend");
});

test("oneLine() clips with an ellipsis", () => {
  expect(oneLine(" a\r\nb ", 10)).toBe("a b");
  expect(oneLine("abcdef", 4)).toBe("abc…");
});
