import { describe, expect, test } from "vitest";
import { foldLog } from "../../src/stats/cycles.ts";
import { statsPage } from "../../src/stats/page.ts";
import { lanes, stretches } from "../../src/stats/stretches.ts";
import { summarize, type WorkSpan } from "../../src/stats/summary.ts";
import { MINUTE, MORNING, NO_MINUTES, wait, workSpan } from "./sample.ts";

const HOSTILE = `"><script>alert(1)</script><img src=x onerror=alert(2)>'\`&lt;\u202egpj.exe\u0007`;

function page(events: Parameters<typeof foldLog>[0], work: WorkSpan[] = []) {
  const now = MORNING + 600 * MINUTE;
  const log = foldLog(events, now);
  const stats = summarize({
    log,
    work,
    wakes: [],
    githubPoints: 0,
    ciMinutes: NO_MINUTES,
    flakes: 0,
    since: null,
    now,
  });
  return statsPage({ stats, cycles: log.cycles, work, version: "1.0.0" });
}

/** Every tag of a page as a browser cuts it, with the names of its attributes and no values. */
function tags(text: string): string[] {
  const found = text.match(/<[a-z](?:"[^"]*"|'[^']*'|[^>"'])*>/gi) ?? [];
  return found.map((tag) => tag.replace(/"[^"]*"|'[^']*'/g, '""'));
}

describe("statsPage()", () => {
  const hostile = page(
    wait("a", 0, 10, "GREEN", {
      ref: HOSTILE,
      repo: HOSTILE,
      kind: HOSTILE,
      extra: { outcome: HOSTILE, reason: HOSTILE },
    }),
    [workSpan("w", 0, 10, { item: HOSTILE, source: HOSTILE })],
  );

  test("lets no text from outside become markup, in elements and in attributes", () => {
    const allowed =
      /^<(html|head|meta|title|style|body|main|h1|h2|p|b|ul|li|i|figure|figcaption|span|div|table|thead|tbody|tr|th|td|details|summary|footer)[\s>]/;
    expect(tags(hostile).filter((tag) => !allowed.test(tag))).toEqual([]);
    expect(tags(hostile).filter((tag) => /\son[a-z]+=|javascript:|url\(/i.test(tag))).toEqual([]);
    expect(hostile).toContain("&#60;script&#62;alert(1)");
  });

  test("drops control characters and marks that turn text around", () => {
    expect(hostile).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u202a-\u202e]/);
  });

  test("asks no network for anything: no address, no script, and a policy that forbids both", () => {
    expect(hostile).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(tags(hostile).filter((tag) => /\s(src|href|action|data)=/i.test(tag))).toEqual([]);
    expect(hostile).not.toMatch(/<(script|link|iframe|object|base|form)\b/i);
    expect(hostile.slice(hostile.indexOf("<style>"), hostile.indexOf("</style>"))).not.toMatch(/@import|url\(/);
  });

  test("is made for light, dark and phones", () => {
    expect(hostile).toContain("prefers-color-scheme:dark");
    expect(hostile).toContain('name="viewport" content="width=device-width,initial-scale=1"');
  });

  test("tells what was taken and not done from what was done", () => {
    const work = [workSpan("w", 1, 5), workSpan("v", 6, 9, { done: false })];
    const text = page(wait("a", 0, 10, "GREEN"), work);
    expect([...text.matchAll(/class="bar (work|taken)[^"]*" style="left:/g)].map(([, tone]) => tone)).toEqual([
      "work",
      "taken",
    ]);
    expect(text.match(/class="band" style/g)).toHaveLength(1);
    expect(text).toContain("taken, not done (3m)");
  });

  test("draws waits above and work below, on the same scale", () => {
    const text = page(
      [...wait("a", 0, 60, "GREEN"), ...wait("b", 0, 30, "RED_UNCLASSIFIED", { ref: "#43" })],
      [workSpan("w", 15, 45)],
    );
    const bars = [...text.matchAll(/<div class="bar (\w+)[^"]*" style="left:([\d.]+)%;width:([\d.]+)%"/g)];
    const [left, width] = [2 / 1.04, 100 / 1.04];
    const close = (found: string | undefined, wanted: number) => expect(Number(found)).toBeCloseTo(wanted, 1);
    expect(bars.map(([, tone]) => tone)).toEqual(["red", "green", "work"]);
    close(bars[0]?.[3], width / 2);
    close(bars[1]?.[3], width);
    close(bars[2]?.[2], left + width / 4);
    close(bars[2]?.[3], width / 2);
  });

  test("says so when there is nothing to draw", () => {
    const text = page([]);
    expect(text).toContain("Nothing was waited for yet");
    expect(text).not.toContain("NaN");
  });

  test("stays small with ten thousand waits", () => {
    const events = Array.from({ length: 10_000 }, (_, i) => wait(`w${i}`, i * 90, i * 90 + 5, "GREEN")).flat();
    expect(page(events).length).toBeLessThan(300_000);
  });
});

describe("stretches()", () => {
  const bar = (from: number, to: number) => ({
    from: from * MINUTE,
    to: to * MINUTE,
    tone: "green",
    label: "",
    detail: "",
  });

  test("leaves long pauses out, newest part first", () => {
    const parts = stretches([bar(0, 10), bar(20, 30), bar(600, 610)], [], 10);
    expect(parts.map((part) => part.waits.flat().length)).toEqual([1, 2]);
    expect(parts[0]?.from).toBeGreaterThan(590 * MINUTE);
  });

  test("cuts what is longer than twelve hours, so that bars stay readable", () => {
    expect(stretches([bar(0, 60 * 30)], [], 10)).toHaveLength(3);
  });

  test("lanes() never lays one bar over another", () => {
    const rows = lanes([bar(0, 10), bar(5, 15), bar(10, 20), bar(15, 16)]);
    expect(rows.map((row) => row.map(({ from, to }) => [from / MINUTE, to / MINUTE]))).toEqual([
      [
        [0, 10],
        [10, 20],
      ],
      [
        [5, 15],
        [15, 16],
      ],
    ]);
  });
});
