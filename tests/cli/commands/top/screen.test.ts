import { appendFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type Acts, Screen } from "../../../../src/cli/commands/top/screen.ts";
import { showWorld } from "../../../show/world.ts";

const nothing = () => {};
const ACTS: Acts = {
  ...{ quit: nothing, suspend: nothing, redraw: nothing },
  ...{ open: nothing, why: nothing, logs: nothing, dismiss: nothing, heal: nothing },
};

test("the first picture in a new size holds all that there is room for, with what is selected", async () => {
  const world = showWorld();
  for (let pr = 1; pr <= 20; pr += 1) await world.watched(`w-${pr}`, { pr, ref: `#${pr}` });
  const screen = new Screen(world.reader().read(), ACTS);
  const shown = (rows: number) => {
    const { lines, selected } = screen.frame({ columns: 80, rows }, world.clock.now());
    const texts = lines.map((line) => line.map(({ text }) => text).join(""));
    return { waits: texts.filter((text) => text.includes("PR #")).length, selected: texts[selected ?? 0] };
  };
  shown(8);
  screen.key("G");
  expect(shown(8)).toMatchObject({ waits: 6, selected: expect.stringContaining("PR #20") });
  expect(shown(40)).toMatchObject({ waits: 20, selected: expect.stringContaining("PR #20") });
  expect(shown(5)).toMatchObject({ waits: 3, selected: expect.stringContaining("PR #20") });
});

test("a filter looks at what is shown, not at ids, and the selection goes to a wait that it finds", async () => {
  const world = showWorld();
  await world.watched("w778d", { pr: 5, ref: "#5" });
  await world.watched("w-2", { pr: 78, ref: "#78" });
  const wake = { ts: "2026-01-01T00:00:01+00:00", wait_id: "w778d", session: "c1" };
  const later = { ...wake, ts: "2026-01-01T00:00:02+00:00", wait_id: "w-2" };
  appendFileSync(world.store.paths.wakes, `${JSON.stringify(wake)}\n${JSON.stringify(later)}\n`);
  const opened: string[] = [];
  const screen = new Screen(world.reader().read(), { ...ACTS, open: ({ wait_id }) => opened.push(wait_id) });
  const shown = (columns: number) =>
    screen.frame({ columns, rows: 30 }, world.clock.now()).lines.map((line) => line.map(({ text }) => text).join(""));
  shown(100);
  screen.key("G");
  shown(100);
  for (const key of ["/", "7", "8", "enter"]) screen.key(key);
  const texts = shown(100).filter((text) => /PR #/.test(text));
  expect(texts).toEqual([expect.stringMatching(/▸.*PR #78/), expect.stringMatching(/told .*PR #78.*: watching/)]);
  screen.key("o");
  expect(opened).toEqual(["w-2"]);
});

test("asks whose move it is for the reviews of a pull request too, and offers a repair where there is one", async () => {
  const world = showWorld();
  await world.watched("w-ci", { pr: 5, ref: "#5" });
  await world.watched("w-review", { kind: "review", pr: 5, ref: "#5" });
  const asked: string[] = [];
  const screen = new Screen(world.reader().read(), { ...ACTS, why: ({ wait_id }) => asked.push(wait_id) });
  const footer = () => {
    const { lines } = screen.frame({ columns: 160, rows: 30 }, world.clock.now());
    return lines
      .at(-1)
      ?.map(({ text }) => text)
      .join("");
  };
  const offered = [];
  for (const key of ["g", "G"]) {
    footer();
    screen.key(key);
    offered.push(footer()?.includes("h heal"));
    screen.key("w");
  }
  expect([...asked].sort()).toEqual(["w-ci", "w-review"]);
  expect(offered.filter(Boolean)).toHaveLength(1);
});
