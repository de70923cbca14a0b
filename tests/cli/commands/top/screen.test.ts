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
