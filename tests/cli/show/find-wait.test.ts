import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { State } from "../../../src/core/states.ts";
import { sandbox } from "../../helpers/p9.ts";
import { row } from "../../stats/sample.ts";

/** A home whose log has these waits. */
function homeWith(...waits: { id: string; ended?: boolean; to?: State; [more: string]: unknown }[]) {
  const user = sandbox();
  mkdirSync(user.home);
  const rows = waits.flatMap(({ id, ended = false, to, ...more }) => [
    row(id, Date.now(), null, "PUSHED", more),
    row(id, Date.now(), "PUSHED", "WATCHING", more),
    ...(to
      ? [row(id, Date.now(), "WATCHING", to, { ...more, extra: { ...(more.extra as object), slow: false } })]
      : []),
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

describe("of a pull request with several waits", () => {
  const env = { BROOMVA_P9_REPO: "o/r" };
  const review = { id: "w-review", kind: "review", ref: "#42", pr: 42, repo: "o/r", extra: { key: "o/r#42" } };
  /** The checks have ended green, and the wait for the reviews runs. */
  const both = () => homeWith({ ...pr("w-ci", "o/r"), to: "GREEN" }, review);
  const follows = async (user: ReturnType<typeof sandbox>, ...words: string[]) => {
    const attached = user.start(["attach", ...words], { env });
    await attached.until(/w-review|#42/);
    attached.kill("SIGINT");
    return (await attached.ended).code;
  };

  test("attach follows the one that runs, by number, and by kind and number", async () => {
    expect(await follows(both(), "42")).toBe(8);
    expect(await follows(both(), "review", "42")).toBe(8);
    const ci = await both().p9(["attach", "pr-ci", "42", "--json"], { env });
    expect([ci.code, JSON.parse(ci.stdout)]).toMatchObject([0, { kind: "pr-ci", state: "GREEN" }]);
    const none = await both().p9(["attach", "review", "43"], { env });
    expect([none.code, none.stderr]).toEqual([3, expect.stringContaining('Cannot find a wait review "43"')]);
  });

  test("status --pr shows people every one, and gives programs the pull request's own row", async () => {
    const user = both();
    const { open_prs, open_waits } = await user.json<Record<string, object[]>>(["status", "--no-reap", "--pr", "42"], {
      env,
    });
    expect([open_prs, open_waits]).toEqual([[expect.objectContaining({ kind: "pr-ci", to_state: "GREEN" })], []]);
    const { stdout } = await user.p9(["status", "--no-reap", "--pr", "42"], { env });
    expect(stdout.trim().split("\n")).toHaveLength(2);
  });

  test("status --all shows those that were abandoned or merged, too", async () => {
    const user = homeWith({ ...review, ended: true }, { ...pr("w-ci", "o/r"), to: "MERGED" });
    const ids = async (...more: string[]) =>
      Object.values(await user.json<Record<string, { wait_id: string }[]>>(["status", ...more]))
        .flat()
        .map(({ wait_id }) => wait_id);
    expect(await ids()).toEqual([]);
    expect(await ids("--all")).toEqual(["w-ci", "w-review"]);
  });

  test("abandon and dismiss mean all of them", async () => {
    const ended = await both().json<{ abandoned: { wait_id: string }[] }>(["abandon", "42"], { env });
    expect(ended.abandoned.map(({ wait_id }) => wait_id).sort()).toEqual(["w-ci", "w-review"]);
    const user = homeWith(
      { ...pr("w-old", "o/r"), ended: true },
      { ...pr("w-ci", "o/r"), to: "GREEN" },
      { ...review, to: "RED_CLASSIFIED" },
    );
    const { dismissed } = await user.json<{ dismissed: string[] }>(["dismiss", "42"], { env });
    expect(dismissed.sort()).toEqual(["w-ci", "w-review"]);
    const some = await both().json<{ dismissed: string[] }>(["dismiss", "octo/other#42"], { env }).catch(String);
    expect(some).toContain("octo/other#42");
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
