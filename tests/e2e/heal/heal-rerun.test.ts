// needs: gh
import { expect, test } from "vitest";
import { eventually } from "../../helpers/p9.ts";
import { type CheckPlan, notStarted } from "../../servers/github/mod.ts";
import { type HealWorld, healWorld, UNTIL_GO } from "./world.ts";

const p9 = (world: HealWorld, ...args: string[]) => world.user.p9(args, { env: world.env, cwd: world.checkout });

test("an outage is re-run at most twice per commit, and never pushed to", async () => {
  const lines = [
    "npm error code ETIMEDOUT",
    "npm error network request to https://registry.example.org/x failed, reason: connect ETIMEDOUT 10.1.1.1:443",
  ];
  const world = await healWorld({
    change: { "src/a.js": "a\n" },
    jobs: [{ name: "install", command: "npm ci", scripted: () => ({ lines, exit: 1 }) }],
  });
  const head = world.head();
  for (const _round of [1, 2]) {
    expect((await p9(world, "watch", "42", "--interval", "1")).code).toBe(10);
    const again = await p9(world, "heal", "42", "--apply");
    expect([again.code, again.stdout]).toEqual([0, expect.stringContaining("run again")]);
    await eventually("the re-run is red too", () => world.state()?.startsWith("RED") ?? false);
  }
  const third = await p9(world, "heal", "42", "--apply");
  expect([third.code, third.stdout]).toEqual([10, expect.stringContaining("re-run 2 times on this commit")]);
  expect(world.head()).toBe(head);
  expect(world.github.seen.filter(({ path }) => path.includes("rerun-failed-jobs"))).toHaveLength(2);
  expect(world.last().attempt).toBe(0);
});

test("a re-run that GitHub refuses while other jobs of the run go on is asked for at the run's end, and counts once", async () => {
  const world = await healWorld({
    change: { "src/a.js": "a\n" },
    jobs: [{ name: "install", command: "npm ci", scripted: () => ({ lines: ["npm error code ETIMEDOUT"], exit: 1 }) }],
  });
  const slow: CheckPlan = { name: "slow", ends: null };
  world.pull.head.checks(slow);
  expect((await p9(world, "watch", "42", "--interval", "1")).code).toBe(10);
  const heal = world.user.start(["heal", "42", "--apply"], { env: world.env, cwd: world.checkout });
  const asked = (part: string) => world.github.seen.filter(({ path }) => path.includes(part));
  await eventually("it asks whether the run has ended", () => asked("/actions/runs/").length > 0);
  expect(asked("rerun-failed-jobs")).toEqual([]);
  slow.ends = (world.github.world.now() - world.pull.head.pushedAt) / 1000;
  const ended = await heal.ended;
  expect([ended.code, ended.stdout]).toEqual([0, expect.stringContaining("run again")]);
  expect(ended.stderr).toContain("goes on, and GitHub runs failed jobs again when that has ended");
  expect(asked("rerun-failed-jobs").map(({ status }) => status)).toEqual([201]);
  expect(world.user.events().filter(({ type }) => type === "heal.rerun")).toHaveLength(1);
});

test("a job that GitHub never started for want of a payment is not run again", async () => {
  const world = await healWorld({ change: { "src/a.js": "a\n" }, jobs: [] });
  world.repo.require({ required: ["install"] });
  world.pull.head.checks(notStarted("install", "billing"));
  expect((await p9(world, "watch", "42", "--interval", "1")).code).toBe(11);
  expect(world.last()).toMatchObject({ extra: { outcome: "not_started" } });
  const heal = await p9(world, "heal", "42", "--apply");
  expect(heal.code).not.toBe(0);
  expect(world.github.seen.filter(({ path }) => path.includes("rerun"))).toEqual([]);
});

test("a branch that moves while the heal runs is not pushed to", async () => {
  const files = {
    "scripts/fix.sh": `${UNTIL_GO}\necho good > src/a.js\n`,
    "scripts/check.sh":
      'grep -q good src/a.js || { echo "[warn] Code style issues found in the above file."; exit 1; }\n',
  };
  const policy = "ci_watch:\n  settle: 0\nci_heal:\n  commands:\n    format: sh scripts/fix.sh\n";
  const world = await healWorld({
    files,
    policy,
    change: { "src/a.js": "bad\n" },
    jobs: [{ name: "format", command: "sh scripts/check.sh" }],
  });
  await world.trust();
  await p9(world, "watch", "42", "--interval", "1");
  const heal = world.user.start(["heal", "42", "--apply"], { env: world.env, cwd: world.checkout });
  await eventually("it heals", () => world.state() === "HEALING");
  // Back to an earlier commit: git alone would take the heal's push as a fast-forward.
  world.git("push", "--quiet", "--force", "origin", `main:refs/heads/${world.branch}`);
  const theirs = world.head();
  world.go();
  const ended = await heal.ended;
  expect([ended.code, ended.stderr]).toEqual([1, expect.stringContaining("moved")]);
  expect(world.head()).toBe(theirs);
});
