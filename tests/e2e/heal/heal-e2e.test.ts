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
const LINTY = "let a = 1;\nexport const b = a;\n";

/** Watches in the foreground until the verdict; gives the exit code. */
async function watch(world: HealWorld): Promise<number | null> {
  const end = await world.user.p9(["watch", "42", "--interval", "1"], { env: world.env, cwd: world.checkout });
  if (end.code === null) throw new Error(end.stderr);
  return end.code;
}

function heal(world: HealWorld, ...args: string[]) {
  return world.user.p9(["heal", "42", ...args], { env: world.env, cwd: world.checkout });
}

test("a format failure of a real formatter is healed by the project's own script, pushed, watched again and green", async () => {
  const world = await healWorld({
    files: PROJECT,
    change: { "src/a.js": UNFORMATTED },
    jobs: [{ name: "format", command: "npm run --silent format:check" }],
  });
  expect(await watch(world)).toBe(10);
  expect(world.state()).toBe("RED_CLASSIFIED");
  const classified = await heal(world, "--classify");
  expect(JSON.parse(classified.stdout)).toMatchObject({
    failure_type: "format",
    classified: true,
    heal_command: "npm run format",
  });
  const before = world.head();
  const refused = await heal(world, "--apply");
  expect([refused.code, refused.stderr]).toEqual([7, expect.stringContaining("p9 trust")]);
  expect(world.head()).toBe(before);
  await world.trust();
  const applied = await heal(world, "--apply", "--json");
  expect(applied.stderr + applied.stdout).toContain('"did":"pushed"');
  expect(applied.code).toBe(0);
  expect(world.file("src/a.js")).toBe("export const a = { b: 1 };");
  expect(world.git("rev-parse", "HEAD")).toBe(world.head());
  await eventually("the pull request is green again", () => world.state() === "GREEN");
  const states = world.user
    .events()
    .filter(({ type }) => type === "transition")
    .map(({ to_state, attempt }) => `${to_state} ${attempt}`);
  expect(states).toEqual(["PUSHED 0", "WATCHING 0", "RED_CLASSIFIED 0", "HEALING 0", "WATCHING 1", "GREEN 1"]);
  expect(world.git("worktree", "list").split("\n")).toHaveLength(1);
});

test("lint findings that the linter can repair are healed; the user's checkout with changes of its own is left alone", async () => {
  const world = await healWorld({
    files: PROJECT,
    change: { "src/a.js": LINTY },
    jobs: [{ name: "lint", command: "npm run --silent lint" }],
  });
  expect(await watch(world)).toBe(10);
  await world.trust();
  world.user.write("../checkout/src/ok.js", "export const ok = 'mine';\n");
  const applied = await heal(world, "--apply");
  expect([applied.code, applied.stdout]).toEqual([0, expect.stringContaining("pushed")]);
  expect(world.file("src/a.js")).toContain("const a = 1;");
  expect(world.git("status", "--porcelain")).toBe("M src/ok.js");
  expect(applied.stderr).toContain("git pull --rebase --autostash");
  await eventually("the pull request is green again", () => world.state() === "GREEN");
});

test("generated files that drifted are made again by the project's own generator", async () => {
  const generator =
    'import { readFileSync, writeFileSync } from "node:fs";\nwriteFileSync("src/gen.js", `export const names = $' +
    '{readFileSync("schema.json", "utf8").trim()};\\n`);\n';
  const files = {
    "package.json": JSON.stringify({ name: "app", scripts: { codegen: "node scripts/gen.mjs" } }),
    "scripts/gen.mjs": generator,
    "schema.json": '["a"]\n',
    "src/gen.js": 'export const names = ["a"];\n',
  };
  const change = { "schema.json": '["a","b"]\n', "src/gen.js": 'export const names = ["a", "c"];\n' };
  const world = await healWorld({
    files,
    change,
    jobs: [{ name: "generated", command: "npm run --silent codegen && git diff --exit-code" }],
  });
  expect(await watch(world)).toBe(10);
  expect(world.last().extra.classification).toMatchObject({
    failure_type: "codegen_drift",
    classified: true,
    heal_command: "npm run codegen",
  });
  await world.trust();
  expect((await heal(world, "--apply")).code).toBe(0);
  expect(world.file("src/gen.js")).toBe('export const names = ["a","b"];');
  await eventually("the pull request is green again", () => world.state() === "GREEN");
});

test("a heal that changes files outside the pull request is refused, and nothing is pushed", async () => {
  const world = await healWorld({
    files: { ...PROJECT, "src/old.js": UNFORMATTED },
    change: { "src/a.js": UNFORMATTED },
    jobs: [{ name: "format", command: "npm run --silent format:check" }],
  });
  await watch(world);
  await world.trust();
  const head = world.head();
  const applied = await heal(world, "--apply");
  expect([applied.code, applied.stderr]).toEqual([
    7,
    expect.stringContaining('outside the pull request ("src/old.js")'),
  ]);
  expect(world.head()).toBe(head);
  expect(world.state()).toBe("RED_CLASSIFIED");
  expect(world.git("status", "--porcelain")).toBe("");
});

test("a pull request that nobody watched is healed too, and watched from then on", async () => {
  const world = await healWorld({
    files: PROJECT,
    change: { "src/a.js": UNFORMATTED },
    jobs: [{ name: "format", command: "npm run --silent format:check" }],
  });
  await world.trust();
  const dry = await heal(world, "--apply", "--dry-run");
  expect([dry.code, dry.stdout]).toEqual([0, expect.stringContaining('#42: would run "npm run format"')]);
  expect(world.git("worktree", "list").split("\n")).toHaveLength(1);
  expect((await heal(world, "--apply")).code).toBe(0);
  await eventually("it is watched to its end", () => world.state() === "GREEN");
});
