// needs: gh
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { ROOT } from "../../helpers/p9.ts";
import { healWorld } from "./world.ts";

const HALF_DONE = "export const a   = {b:1}\nexport const halfDone = ((\n";
const HEALED = "export const a = { b: 1 };";

/** A red pull request, its checkout, and in there an edit of the user's that is not finished. */
async function redWithEdit() {
  const world = await healWorld({
    files: {
      "package.json": JSON.stringify({
        name: "app",
        private: true,
        scripts: { format: "biome format --write src", "format:check": "biome format src" },
      }),
      "biome.json": JSON.stringify({ formatter: { enabled: true, indentStyle: "space" } }),
    },
    change: { "src/a.js": "export const a   = {b:1}\n" },
    jobs: [{ name: "format", command: "npm run --silent format:check" }],
  });
  await world.trust();
  writeFileSync(join(world.checkout, "src/a.js"), HALF_DONE);
  return world;
}

test("a heal that git's variables point at the user's checkout pushes its own repair, and leaves the checkout alone", {
  timeout: 120_000,
}, async () => {
  const world = await redWithEdit();
  world.git("add", "src/a.js");
  const index = join(world.checkout, ".git/index");
  const [head, staged] = [world.git("rev-parse", "HEAD"), world.git("ls-files", "-s")];
  const git = { GIT_DIR: join(world.checkout, ".git"), GIT_WORK_TREE: world.checkout, GIT_INDEX_FILE: index };
  const env = { ...world.env, ...git };
  const applied = await world.user.p9(["heal", "42", "--apply"], { env, cwd: world.checkout, timeoutMs: 60_000 });
  expect([applied.code, applied.stdout]).toEqual([0, expect.stringContaining("pushed")]);
  expect(world.file("src/a.js")).toBe(HEALED);
  expect(world.git("rev-parse", "HEAD")).toBe(head);
  expect(world.git("ls-files", "-s")).toBe(staged);
  expect(world.git("status", "--porcelain")).toBe("M  src/a.js");
  expect(readFileSync(join(world.checkout, "src/a.js"), "utf8")).toBe(HALF_DONE);
});

test.each([
  ["a pre-commit hook", (heal: string) => ({ hook: heal, command: ["commit", "-q", "-a", "-m", "half done"] })],
  ["rebase --exec", (heal: string) => ({ hook: null, command: ["rebase", "-q", "--exec", heal, "HEAD^"] })],
])("a heal in %s pushes its own repair, and what git is doing goes on", { timeout: 120_000 }, async (_, plan) => {
  const world = await redWithEdit();
  const red = world.head();
  const log = join(world.user.dir, "heal.log");
  const program = `'${process.execPath}' '${join(ROOT, "dist/p9.js")}'`;
  const { hook, command } = plan(`${program} heal 42 --apply >'${log}' 2>&1`);
  const path = join(world.checkout, ".git/hooks/pre-commit");
  if (hook) writeFileSync(path, `#!/bin/sh\n${hook}\n`, { mode: 0o755 });
  else world.git("commit", "-q", "-a", "-m", "half done");
  const env = { ...world.user.env, ...world.env };
  await promisify(execFile)("git", command, { cwd: world.checkout, env });
  expect(readFileSync(log, "utf8")).toContain("pushed");
  expect(world.file("src/a.js")).toBe(HEALED);
  expect(world.git("log", "-1", "--format=%P", world.head())).toBe(red);
  // The user's commit is on the user's branch, holds the user's edit, and was not pushed.
  expect(world.git("log", "-1", "--format=%s %P")).toBe(`half done ${red}`);
  expect(world.git("show", "HEAD:src/a.js")).toBe(HALF_DONE.trim());
  expect(world.git("status", "--porcelain")).toBe("");
});
