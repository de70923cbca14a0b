import { describe, expect, test } from "vitest";
import { timestamp } from "../../../../src/base/clock.ts";
import { type Key, KeyReader } from "../../../../src/cli/commands/top/keys.ts";
import { ago, left, localTime, roughly } from "../../../../src/cli/commands/top/times.ts";
import { eventually } from "../../../helpers/p9.ts";

function read(...pieces: string[]): Key[] {
  const keys: Key[] = [];
  const reader = new KeyReader((key) => keys.push(key));
  for (const piece of pieces) reader.take(piece);
  return keys;
}

describe("keys", () => {
  test("characters, arrows in both modes, and control keys", () => {
    expect(read("jG?日\r\u0003\u007f\u001b[A\u001bOB\u001b[5~\u001b[H")).toEqual([
      ..."jG?日",
      "enter",
      "ctrl-c",
      "backspace",
      "up",
      "down",
      "pageup",
      "home",
    ]);
  });

  test("a sequence that comes in pieces is one key", () => {
    expect(read("\u001b", "[", "A", "q")).toEqual(["up", "q"]);
  });

  test("an Escape alone is one, after a moment", async () => {
    const keys: Key[] = [];
    const reader = new KeyReader((key) => keys.push(key));
    reader.take("\u001b");
    expect(keys).toEqual([]);
    await eventually("it is told", () => keys.length > 0);
    expect(keys).toEqual(["escape"]);
  });

  test("what is no key of ours is passed over, whole", () => {
    expect(read("\u001b[1;5Cx\u001b[?1;2cy\u001bdz\u0001")).toEqual(["x", "y", "z"]);
  });

  test("pasted text is one key, whatever stands in it, and comes in pieces", () => {
    expect(read("\u001b[200~dd\u001b[A", "hq\u001b[201~j")).toEqual([{ pasted: "dd\u001b[Ahq" }, "j"]);
  });
});

test.each([
  [5, "5 s"],
  [59.6, "1 min"],
  [185, "3 min"],
  [7300, "2 h"],
  [3 * 86_400, "3 d"],
])("%d seconds are %s", (seconds, words) => {
  expect(roughly(seconds)).toBe(words);
});

test("times are told from now, and on this machine's clock", () => {
  const now = new Date(2026, 10, 27, 14, 5, 9).getTime();
  const at = (seconds: number) => timestamp(now + seconds * 1000);
  expect([ago(at(-130), now), ago(at(0), now), ago("", now)]).toEqual(["2 min ago", "now", ""]);
  expect([left(at(185), now), left(at(2), now), left(at(-70), now)]).toEqual([
    "3 min left",
    "any moment",
    "1 min over",
  ]);
  expect([localTime(at(-60), now), localTime(at(-86_400), now)]).toEqual(["14:04:09", "2026-11-26 14:05"]);
});
