// needs: time, gh
import { afterEach, beforeEach, expect, test } from "vitest";
import { eventually } from "../../../helpers/p9.ts";
import { type PrLab, prLab } from "../../pr-lab.ts";

let lab: PrLab;
beforeEach(async () => {
  lab = await prLab();
});
afterEach(() => lab.github.stop());

const p9 = (...args: string[]) => lab.box.p9(args, { env: lab.env });
const repos = () => lab.rows().then((rows) => rows.map((row) => [row.pr, (row as { repo?: unknown }).repo]));

test("a renamed repository is watched under its new name, and both names find that one wait", async () => {
  const { head } = lab.repo.pull(42);
  head.checks({ name: "build", ends: null });
  lab.github.world.rename("octo/app", "octo/new");
  const first = await p9("watch", "42", "--background", "--interval", "0.5");
  expect(first.stderr).toContain("octo/app is now octo/new");
  expect(first.stdout).toMatch(/ pr=42 repo=octo\/new$/m);
  for (const name of ["octo/new", "octo/app"]) {
    const again = await p9("watch", "42", "--repo", name);
    expect([name, again.code, again.stderr]).toEqual([name, 1, expect.stringContaining("is watched already")]);
  }
  expect(await repos()).toEqual([[42, "octo/new"]]);
  head.endChecks();
  for (const name of ["octo/new", "octo/app"]) {
    const { code, stderr } = await p9("attach", "42", "--repo", name);
    expect([name, code]).toEqual([name, 0]);
    expect(stderr).toContain("next: p9 merge-ready 42 --repo octo/new");
  }
});

test("a repository that is renamed in mid-watch is followed, and the wait is still one", async () => {
  const { head } = lab.repo.pull(42);
  head.checks({ name: "build", ends: null });
  await p9("watch", "42", "--background", "--interval", "0.5");
  expect(await repos()).toEqual([[42, "octo/app"]]);
  lab.github.world.rename("octo/app", "octo/new");
  await eventually("the new name is known", async () => (await repos())[0]?.[1] === "octo/new");
  const again = await p9("watch", "42", "--repo", "octo/new");
  expect([again.code, again.stderr]).toEqual([1, expect.stringContaining("is watched already")]);
  expect((await repos()).length).toBe(1);
  head.endChecks();
  expect((await p9("attach", "42", "--repo", "octo/app")).code).toBe(0);
});

test("a repository that was renamed after the verdict has one wait still", async () => {
  const { head } = lab.repo.pull(42);
  head.checks("build");
  await p9("watch", "42", "--interval", "0.5");
  lab.github.world.rename("octo/app", "octo/new");
  expect((await p9("watch", "42", "--repo", "octo/new", "--interval", "0.5")).code).toBe(0);
  expect(await repos()).toEqual([[42, "octo/new"]]);
});
