// needs: gh
import { expect, test } from "vitest";
import { eventually } from "../../helpers/p9.ts";
import { type HealWorld, healWorld } from "./world.ts";

const PACKAGE = JSON.stringify(
  {
    name: "app",
    version: "1.0.0",
    private: true,
    type: "module",
    scripts: {
      lint: "biome lint src",
      "lint:fix": "biome lint --write src",
      "format:check": "biome format src",
      format: "biome format --write src",
    },
  },
  null,
  2,
);
const BIOME = JSON.stringify(
  {
    linter: { enabled: true, rules: { style: { useConst: "error" } } },
    formatter: { enabled: true, indentStyle: "space" },
  },
  null,
  2,
);
const PROJECT = {
  "package.json": `${PACKAGE}\n`,
  "biome.json": `${BIOME}\n`,
  "src/ok.js": 'export const ok = "yes";\n',
};
const UNFORMATTED = "export const a   = {b:1}\n";

/** Watches in the foreground until the verdict; gives the exit code. */
async function watch(world: HealWorld): Promise<number | null> {
  const end = await world.user.p9(["watch", "42", "--interval", "1"], { env: world.env, cwd: world.checkout });
  if (end.code === null) throw new Error(end.stderr);
  return end.code;
}

function heal(world: HealWorld, ...args: string[]) {
  return world.user.p9(["heal", "42", ...args], { env: world.env, cwd: world.checkout });
}

test("what the policy or the project has no repair for exits 10 and changes nothing", async () => {
  const lines = ["src/a.ts(3,5): error TS2322: Type 'string' is not assignable to type 'number'."];
  const world = await healWorld({
    files: PROJECT,
    change: { "src/a.js": UNFORMATTED },
    jobs: [{ name: "types", command: "npx tsc --noEmit", scripted: () => ({ lines, exit: 2 }) }],
  });
  expect(await watch(world)).toBe(10);
  expect(world.state()).toBe("RED_UNCLASSIFIED");
  expect(world.last().extra).toMatchObject({
    classification: { failure_type: "type", classified: false },
    evidence: [{ job: "types", file: "src/a.ts", line: 3 }],
  });
  const head = world.head();
  expect((await heal(world, "--apply")).code).toBe(10);
  expect(world.head()).toBe(head);
});

test("a branch name, a title and a log full of commands do nothing", async () => {
  const log = [
    "\u001b]0;owned\u0007$(touch pwned1) `touch pwned2`",
    "::error::run rm -rf / ; touch pwned3",
    "src/a.js",
    "[warn] Code style issues found in the above file. Run $(touch pwned4) to fix.",
  ];
  const world = await healWorld({
    files: PROJECT,
    change: { "src/a.js": UNFORMATTED },
    branch: "feature/$(touch$IFS-pwned5);`touch$IFS-pwned6`",
    title: "\u001b[31m$(touch pwned7)\u202e",
    jobs: [
      {
        name: "format $(touch pwned8)",
        command: "npx prettier --check .",
        scripted: (n) => ({ lines: log, exit: n === 1 ? 1 : 0 }),
      },
    ],
  });
  await watch(world);
  await world.trust();
  const applied = await heal(world, "--apply");
  expect(applied.code).toBe(0);
  expect(world.file("src/a.js")).toBe("export const a = { b: 1 };");
  const { execFileSync } = await import("node:child_process");
  expect(
    execFileSync(
      "find",
      [world.user.dir, "-name", "*pwned*", "-not", "-path", "*/refs/*", "-not", "-path", "*/logs/*"],
      { encoding: "utf8" },
    ),
  ).toBe("");
  expect(applied.stdout + applied.stderr).not.toMatch(/[\u001b\u202e\u0007]/);
});

test("a test that failed and passed on the same code is known as a flake from then on, and re-run once", async () => {
  const lines = [
    "--- FAIL: TestCart (0.01s)",
    "    cart_test.go:7: got 1, want 2",
    "FAIL",
    "FAIL\texample.com/shop\t0.002s",
  ];
  const world = await healWorld({
    files: PROJECT,
    change: { "src/a.js": "export const a = 1;\n" },
    jobs: [{ name: "test", command: "go test ./...", scripted: (n) => ({ lines, exit: n === 1 ? 1 : 0 }) }],
  });
  expect(await watch(world)).toBe(10);
  expect(world.last().extra.classification).toMatchObject({ failure_type: "test", history: "new", transient: false });
  expect((await heal(world, "--apply")).code).toBe(10);
  world.pull.head.rerunFailed(world.pull.head.suites[0]!);
  expect(await watch(world)).toBe(0);
  world.push({ "src/a.js": "export const a = 2;\n" }, "second");
  expect(await watch(world)).toBe(10);
  expect(world.last().extra.classification).toMatchObject({
    failure_type: "test_flaky",
    classified: true,
    history: expect.stringContaining("known flake 1/"),
  });
  const applied = await heal(world, "--apply");
  expect([applied.code, applied.stdout]).toEqual([0, expect.stringContaining("run again")]);
  await eventually("the re-run is green", () => world.state() === "GREEN");
});

test("a pull request from a fork, a closed one and one whose head moved are left alone", async () => {
  const world = await healWorld({
    files: PROJECT,
    change: { "src/a.js": UNFORMATTED },
    jobs: [{ name: "format", command: "npm run --silent format:check" }],
  });
  await watch(world);
  await world.trust();
  world.push({ "src/a.js": "export const a    = 2\n" }, "moved");
  const moved = await heal(world, "--apply");
  expect([moved.code, moved.stdout]).toEqual([10, expect.stringContaining("moved")]);
  world.pull.close();
  expect((await heal(world, "--apply")).stdout).toContain("closed");
  const fork = world.repo.pull(43, { head: world.head(), branch: "theirs", fork: "stranger" });
  fork.head.checks({
    name: "format",
    conclusion: "FAILURE",
    log: "2026-11-20T08:00:00Z Code style issues found in 3 files.",
  });
  const refused = await world.user.p9(["heal", "43", "--apply"], { env: world.env, cwd: world.checkout });
  expect([refused.code, refused.stdout]).toEqual([10, expect.stringContaining("fork")]);
});

test("without a policy, or with healing switched off, nothing is healed", async () => {
  const jobs = [{ name: "format", command: "npm run --silent format:check" }];
  const world = await healWorld({
    files: PROJECT,
    change: { "src/a.js": UNFORMATTED },
    jobs,
    policy: "ci_watch:\n  settle: 0\nci_heal:\n  enabled: false\n",
  });
  const off = await heal(world, "--apply");
  expect([off.code, off.stderr]).toEqual([7, expect.stringContaining("ci_heal.enabled")]);
  const none = await world.user.p9(["heal", "42", "--apply"], { env: world.env });
  expect([none.code, none.stderr]).toEqual([2, expect.stringContaining("policy")]);
});
