// needs: gh
import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { ROOT, sandbox } from "./helpers/p9.ts";

/** A user whose gh has this project, in a folder called `gh-p9`, as an extension; and what `gh p9` gives. */
function withExtension() {
  const box = sandbox();
  const folder = join(box.dir, "gh-p9");
  mkdirSync(folder);
  copyFileSync(join(ROOT, "gh-p9"), join(folder, "gh-p9"));
  for (const name of ["bin", "dist"]) symlinkSync(join(ROOT, name), join(folder, name));
  // Only what is needed is on PATH: no p9 of the machine.
  const bin = join(box.dir, "bin");
  mkdirSync(bin);
  symlinkSync(process.execPath, join(bin, "node"));
  const env = { ...box.env, PATH: `${bin}:/usr/bin:/bin`, XDG_DATA_HOME: join(box.dir, "data"), GH_TOKEN: "x" };
  const gh = (args: readonly string[], cwd = box.work) =>
    spawnSync("gh", [...args], { env, cwd, encoding: "utf8", timeout: 10_000 });
  expect(gh(["extension", "install", "."], folder)).toMatchObject({ status: 0 });
  return { ...box, bin, gh };
}

const version: string = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).version;

test("gh p9 runs the p9 of a clone, with its arguments and its exit code", () => {
  const { gh } = withExtension();
  expect(gh(["extension", "list"]).stdout).toContain("gh p9");
  expect(gh(["p9", "--version"])).toMatchObject({ status: 0, stdout: `${version}\n` });
  expect(gh(["p9", "status", "--json", "no such"]).status).toBe(3);
});

test("gh p9 takes the p9 on PATH before that", () => {
  const { gh, bin } = withExtension();
  writeFileSync(join(bin, "p9"), '#!/bin/sh\necho "another: $*"\n');
  chmodSync(join(bin, "p9"), 0o755);
  expect(gh(["p9", "why", "42"]).stdout).toBe("another: why 42\n");
});

test("a p9 on PATH that is a link to the extension is none", () => {
  const { gh, bin, dir } = withExtension();
  symlinkSync(join(dir, "gh-p9", "gh-p9"), join(bin, "p9"));
  expect(gh(["p9", "--version"])).toMatchObject({ status: 0, stdout: `${version}\n` });
});

test("without any, gh p9 asks npx for the package", () => {
  const { dir, env } = sandbox();
  const bin = join(dir, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "npx"), '#!/bin/sh\necho "npx $*"\n');
  chmodSync(join(bin, "npx"), 0o755);
  copyFileSync(join(ROOT, "gh-p9"), join(dir, "gh-p9"));
  const run = (PATH: string) =>
    spawnSync("/bin/sh", [join(dir, "gh-p9"), "status"], { env: { ...env, PATH }, encoding: "utf8" });
  expect(run(bin).stdout).toBe("npx --yes @broomva/p9 status\n");
  const nothing = run(dirname(join(dir, "none", "x")));
  expect(nothing.status).toBe(127);
  expect(nothing.stderr).toBe("p9: Cannot find p9: npm install -g @broomva/p9\n");
});

test("in a clone that is not built, gh p9 says how it is; elsewhere npx has the package", () => {
  const { dir, env, work } = sandbox();
  const [bin, clone] = [join(dir, "bin"), join(dir, "clone")];
  for (const folder of [bin, clone]) mkdirSync(folder);
  writeFileSync(join(bin, "npx"), '#!/bin/sh\necho "npx $*"\n');
  chmodSync(join(bin, "npx"), 0o755);
  for (const name of ["gh-p9", "package.json"]) copyFileSync(join(ROOT, name), join(clone, name));
  const run = (cwd: string) => {
    const PATH = `${bin}:/usr/bin:/bin`;
    return spawnSync("/bin/sh", [join(clone, "gh-p9"), "status"], { env: { ...env, PATH }, encoding: "utf8", cwd });
  };
  expect(run(clone)).toMatchObject({
    status: 127,
    stderr: `p9: Cannot find "${join(clone, "dist/p9.js")}": npm run build in a clone makes it\n`,
  });
  expect(run(work).stdout).toBe("npx --yes @broomva/p9 status\n");
});

test("the script of the extension can be run", () => {
  expect(statSync(join(ROOT, "gh-p9")).mode & 0o111).not.toBe(0);
});
