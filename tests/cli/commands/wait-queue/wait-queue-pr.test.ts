// needs: gh
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { eventually } from "../../../helpers/p9.ts";
import { addIssue, addLabel, emptyLinear } from "../../../servers/linear/data.ts";
import { startLinear } from "../../../servers/linear/server.ts";
import { type PrLab, prLab } from "../../pr-lab.ts";

let lab: PrLab;
beforeEach(async () => {
  lab = await prLab();
});
afterEach(() => lab.github.stop());

async function queue(args: readonly string[], env: object = {}) {
  const { code, stdout, stderr } = await lab.box.p9(["wait-queue", ...args], { env: { ...lab.env, ...env } });
  if (code !== 0) throw new Error(stderr);
  return stdout;
}

test("work meanwhile keeps clear of the watched pull request's files, and leaves the queue when that is merged", async () => {
  const pull = lab.repo.pull(42, { files: ["src/engine.ts"] });
  pull.head.checks({ name: "build", starts: 0, ends: null });
  lab.box.write(".git/HEAD", "ref: refs/heads/main\n");
  await lab.box.p9(["watch", "42", "--background", "--interval", "0.5"], { env: lab.env });
  await eventually("the pull request is known", async () =>
    (await lab.rows()).some((row) => row.sha === pull.head.sha),
  );
  await queue(["push", "--item", "Speed it up", "--files", "src/engine.ts", "--pr", "42"]);
  await queue(["push", "--item", "Sort the list", "--files", "lib/list.ts", "--pr", "42"]);
  const popped = [JSON.parse(await queue(["pop"])), JSON.parse(await queue(["pop"]))];
  expect(popped.map(({ item, isolation_tier }) => [item, isolation_tier])).toEqual([
    ["Speed it up", "stacked_branch"],
    ["Sort the list", "worktree"],
  ]);
  await queue(["release", popped[1].id]);
  pull.merge();
  await eventually("the merge is seen", async () => !(await lab.rows()).some((row) => row.pr === 42));
  const left = JSON.parse(await queue(["list", "--json"]));
  expect(left).toMatchObject([{ item: "Speed it up", status: "leased" }]);
  expect(await queue(["done", popped[0].id])).toContain("done");
});

test("the issue that a pull request's body names leads to work of the same kind", async () => {
  const data = emptyLinear();
  const label = addLabel(data, "area:watch");
  for (const title of ["The one in flight", "Poll less"])
    addIssue(data, { title, cycleId: "cycle-now", labelIds: [label] });
  const linear = await startLinear(data);
  onTestFinished(linear.close);
  const pull = lab.repo.pull(42, { body: "Fixes BRO-1" });
  pull.head.checks({ name: "build", starts: 0, ends: null });
  await lab.box.p9(["watch", "42", "--background"], { env: lab.env });
  await eventually("the pull request is known", async () =>
    (await lab.rows()).some((row) => row.sha === pull.head.sha),
  );
  const env = { LINEAR_API_KEY: linear.key, LINEAR_API_URL: linear.url };
  const item = JSON.parse(await queue(["pop"], env));
  expect(item).toMatchObject({
    source: "linear",
    pr: 42,
    repo: "octo/app",
    item: expect.stringContaining("BRO-2: Poll less"),
  });
  await queue(["done", item.id]);
  expect(await queue(["pop", "--json"], env)).toBe("null\n");
});
