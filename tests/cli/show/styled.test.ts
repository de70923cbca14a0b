import { describe, expect, test } from "vitest";
import { broken, columnsOf, flow, type Part, paint } from "../../../src/cli/show/styled.ts";
import { knowsLinks, knowsProgress } from "../../../src/cli/show/terminal-features.ts";
import { clip, widthOf } from "../../../src/cli/show/text-width.ts";

const plain = { color: false, links: false, clean: (text: string) => text };
const linesOf = (cells: readonly Part[], columns: number | null, indent = 4) =>
  flow(cells, columns, indent).map((line) => paint(line, plain));

describe("flow() fits cells to a terminal and leaves nothing out", () => {
  const cells = [
    "WATCHING  ",
    "PR #42 (octo/app)",
    "",
    "3m 20s, about 2m left",
    "waits for 修复解析器的错误 and for a_word_without_any_space_in_it",
  ];

  test("on one line without a width", () => {
    expect(linesOf(cells, null)).toEqual([cells.filter(Boolean).join("  ")]);
  });

  test.each([20, 40, 80, 200])("on %d columns", (columns) => {
    const lines = linesOf(cells, columns);
    for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(columns);
    expect(lines.join("").replaceAll(" ", "")).toBe(cells.join("").replaceAll(" ", ""));
    expect(lines.slice(1).every((line) => line.startsWith("    "))).toBe(true);
  });

  test("a long last cell begins beside the others", () => {
    expect(linesOf(["q-1", "read the whole of the manual and write down what it does not say"], 40)).toEqual([
      "q-1  read the whole of the manual and",
      "    write down what it does not say",
    ]);
  });
});

test("columnsOf() makes columns as wide as their widest cell, wide letters counted twice", () => {
  const rows = columnsOf([
    ["a", "x"],
    ["修复", "y"],
  ]);
  expect(rows.map((row) => paint(row, plain))).toEqual(["a   x", "修复y"]);
});

test("broken() keeps the indent of a line, and addresses whole", () => {
  expect(broken("  one two three", 12)).toEqual(["  one two", "    three"]);
  expect(broken("see https://example.com/a/very/long/path", 20)).toEqual([
    "see",
    "  https://example.com/a/very/long/path",
  ]);
});

test("clip() cuts by columns and never within a letter", () => {
  expect(clip("修复解析器", 6)).toBe("修复…");
  expect(clip("ok 👩‍💻 works", 20)).toBe("ok 👩‍💻 works");
});

describe("paint()", () => {
  const all = { color: true, links: true, clean: (text: string) => text };

  test("links web addresses, and no text can leave one", () => {
    const link = paint([{ text: "PR #1", href: "https://h/a b\u001b]8;;x\u0007y" }], all);
    expect(link).toBe("\u001b]8;;https://h/a%20b%1B]8;;x%07y\u001b\\PR #1\u001b]8;;\u001b\\");
    for (const href of ["javascript:alert(1)", "file:///etc/passwd", "https://me:secret@h/", "no address", null])
      expect(paint([{ text: "x", href }], all)).toBe("x");
  });

  test("neither colours nor links where they are not wanted", () => {
    expect(paint([{ text: "x", tone: "red", href: "https://h/" }], plain)).toBe("x");
  });
});

test.each<[Record<string, string>, boolean, boolean]>([
  [{}, false, false],
  [{ TERM: "xterm-256color" }, false, false],
  [{ TERM: "dumb", WT_SESSION: "1" }, false, false],
  [{ WT_SESSION: "1" }, true, true],
  [{ ConEmuANSI: "ON" }, false, true],
  [{ TERM_PROGRAM: "ghostty", TERM_PROGRAM_VERSION: "1.1.3" }, true, false],
  [{ TERM_PROGRAM: "ghostty", TERM_PROGRAM_VERSION: "1.2.0" }, true, true],
  [{ TERM_PROGRAM: "WezTerm", TERM_PROGRAM_VERSION: "20240203-110809-5046fc22" }, true, false],
  [{ TERM_PROGRAM: "WezTerm", TERM_PROGRAM_VERSION: "20250209-182623-44866cc1" }, true, true],
  [
    { TERM_PROGRAM: "iTerm.app", TERM_PROGRAM_VERSION: "3.5.0", TERM_FEATURES: "T3CwLrMSc7UUw9Ts3BFGsSyHNoSxF" },
    true,
    false,
  ],
  [
    { TERM_PROGRAM: "iTerm.app", TERM_PROGRAM_VERSION: "3.6.6", TERM_FEATURES: "T3CwLrMSc7UUw9Ts3BFGsSyHNoSxFP" },
    true,
    true,
  ],
  [{ TERM_PROGRAM: "Apple_Terminal", TERM_PROGRAM_VERSION: "455" }, false, false],
  [{ TERM_PROGRAM: "tmux", TMUX: "x", WT_SESSION: "" }, false, false],
  [{ VTE_VERSION: "7600" }, true, false],
  [{ VTE_VERSION: "5000" }, false, false],
  [{ TERM: "xterm-kitty" }, true, false],
  [{ TERM: "xterm-256color", FORCE_HYPERLINK: "1" }, true, false],
  [{ TERM_PROGRAM: "ghostty", TERM_PROGRAM_VERSION: "1.2.0", FORCE_HYPERLINK: "0", TMUX: "x" }, false, false],
])("of %j links are %s and progress is %s", (env, links, progress) => {
  expect([knowsLinks(env), knowsProgress(env)]).toEqual([links, progress]);
});
