// needs: gh
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type HealWorld, healWorld } from "./world.ts";

const POLICY = "ci_watch:\n  settle: 0\nci_heal:\n  commands:\n    format: sh scripts/fix.sh\n";
const CHECK = 'grep -q good src/a.js || { echo "[warn] Code style issues found in the above file."; exit 1; }\n';

/** A red pull request whose repair is not trusted yet. */
function red(fix: string, more: Record<string, string> = {}): Promise<HealWorld> {
  return healWorld({
    files: { "package.json": "{}\n", "scripts/fix.sh": fix, "scripts/check.sh": CHECK, ...more },
    policy: POLICY,
    change: { "src/a.js": "bad\n" },
    jobs: [{ name: "format", command: "sh scripts/check.sh" }],
  });
}

const heal = (world: HealWorld) => world.user.p9(["heal", "42", "--apply"], { env: world.env, cwd: world.checkout });
const tags = (world: HealWorld) =>
  execFileSync("git", ["-C", world.remote, "tag", "--list"], { encoding: "utf8" }).trim();

test("filters that a head chooses run only for what was trusted, and a heal pushes none of the user's tags", async () => {
  const world = await red("echo good > src/a.js\n", { ".gitattributes": "*.js filter=mark\n" });
  const mark = join(world.user.dir, "mark");
  for (const program of ["clean", "smudge"])
    world.git("config", `filter.mark.${program}`, `echo ${program} >> '${mark}'; cat`);
  world.git("config", "push.followTags", "true");
  world.git("tag", "-a", "-m", "the user's own", "private");
  const asked = await heal(world);
  expect([asked.code, existsSync(mark)]).toEqual([7, false]);
  await world.trust();
  const healed = await heal(world);
  expect([healed.code, healed.stderr]).toEqual([0, expect.stringContaining("running")]);
  expect(readFileSync(mark, "utf8")).toMatch(/smudge.*clean/s);
  expect(world.file("src/a.js")).toBe("good");
  expect(tags(world)).toBe("");
});

test("a checkout that pushes to another place than it fetches from is not healed; one that pushes by another way is", async () => {
  const world = await red("echo good > src/a.js\n");
  await world.trust();
  const other = join(world.user.dir, "other.git");
  execFileSync("git", ["clone", "--quiet", "--bare", world.remote, other]);
  world.git("remote", "set-url", "--push", "origin", other);
  const refused = await heal(world);
  expect([refused.code, refused.stderr]).toEqual([7, expect.stringContaining("other.git")]);
  expect(world.file("src/a.js")).toBe("bad");
  world.git("remote", "set-url", "--push", "origin", "https://github.com/octo/app.git");
  world.git("config", `url.${world.remote}.insteadOf`, "https://github.com/octo/app.git");
  expect((await heal(world)).code).toBe(0);
  expect(world.file("src/a.js")).toBe("good");
});

test("a repair that leaves a pipe, or more than a repair holds, is not pushed and does not hang", async () => {
  const world = await red("truncate -s 2G src/a.js\n");
  await world.trust();
  const large = await heal(world);
  expect([large.code, large.stdout + large.stderr]).toEqual([10, expect.stringContaining("2048 MiB of changed files")]);
  world.push({ "src/a.js": "bad again\n", "scripts/fix.sh": "rm src/a.js; mkfifo src/a.js src/b.js\n" });
  await world.trust();
  const pipe = await heal(world);
  expect(pipe.code).not.toBe(0);
  expect(world.file("src/a.js")).toBe("bad again");
  world.push({ "src/a.js": "bad at last\n", "scripts/fix.sh": "echo good > src/a.js\n" });
  await world.trust();
  expect((await heal(world)).code).toBe(0);
});
