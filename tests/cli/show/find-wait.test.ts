import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { sandbox } from "../../helpers/p9.ts";
import { row } from "../../stats/sample.ts";

/** A home whose log has these waits. */
function homeWith(...waits: { id: string; ended?: boolean; [more: string]: unknown }[]) {
  const user = sandbox();
  mkdirSync(user.home);
  const rows = waits.flatMap(({ id, ended = false, ...more }) => [
    row(id, Date.now(), null, "PUSHED", more),
    row(id, Date.now(), "PUSHED", "WATCHING", more),
    ...(ended ? [row(id, Date.now(), "WATCHING", "ABANDONED", { ...more, extra: { outcome: "killed" } })] : []),
  ]);
  writeFileSync(join(user.home, "state.jsonl"), rows.map((entry) => `${JSON.stringify(entry)}\n`).join(""));
  return user;
}
const pr = (id: string, repo: string) => ({ id, kind: "pr-ci", ref: "#42", pr: 42, repo });
const build = (id: string, key: string, more: object = {}) => {
  return { id, kind: "build", ref: "npm test", pr: null, repo: null, extra: { key }, ...more };
};

/** Every command that takes a wait by name. */
const COMMANDS = [["attach"], ["abandon"], ["wait-queue", "push", "--item", "x", "--after"]];

describe.each(COMMANDS)("p9 %s", (...command) => {
  const env = { BROOMVA_P9_REPO: "-" };

  test.each([
    ["a number of two repositories", "42", [pr("w1", "o/one"), pr("w2", "o/two")], "o/one"],
    ["a name of two builds that run", "npm test", [build("w1", "a"), build("w2", "b")], "build npm test"],
  ])("refuses %s, and names both", async (_, name, waits, told) => {
    const user = homeWith(...waits);
    const { code, stderr } = await user.p9([...command, name], { env });
    expect([code, stderr]).toEqual([3, expect.stringContaining("Cannot tell which")]);
    for (const part of ["w1", "w2", told]) expect(stderr).toContain(part);
    expect(user.events()).toHaveLength(4);
  });
});

describe("p9 abandon", () => {
  const abandoned = async (user: ReturnType<typeof sandbox>, ...words: string[]) => {
    const ids = await user.json<{ abandoned: { wait_id: string }[] }>(["abandon", ...words], {
      env: { BROOMVA_P9_REPO: "-" },
    });
    return ids.abandoned.map(({ wait_id }) => wait_id);
  };

  test.each([
    [
      "of two repositories the one that --repo names",
      ["42", "--repo", "o/one"],
      [pr("w1", "o/one"), pr("w2", "o/two")],
    ],
    ["of two builds the one that runs", ["npm test"], [build("w1", "a"), build("w2", "b", { ended: true })]],
    [
      "of two watches of one target the one that runs",
      ["npm test"],
      [build("w2", "a", { ended: true }), build("w1", "a")],
    ],
    ["what an id names", ["w1"], [build("w1", "a"), build("w2", "b")]],
    ["what the label names", ["build npm test"], [build("w1", "a"), pr("w2", "o/two")]],
    ["a wait whose name is a number", ["42"], [{ ...build("w1", "a"), ref: "42" }]],
  ])("means %s", async (_, words, waits) => {
    expect(await abandoned(homeWith(...waits), ...words)).toEqual(["w1"]);
  });
});
