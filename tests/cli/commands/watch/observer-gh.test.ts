// needs: time, gh
import { afterEach, beforeEach, expect, test } from "vitest";
import { eventually } from "../../../helpers/p9.ts";
import { processesWith } from "../../../helpers/processes.ts";
import { type PrLab, prLab } from "../../pr-lab.ts";

let lab: PrLab;
beforeEach(async () => {
  lab = await prLab();
});
afterEach(() => lab.github.stop());

test("with observer gh, gh pr checks --watch wakes the look, the verdict comes from the checks, and gh is gone afterwards", async () => {
  lab.policy("  observer: gh");
  const { head } = lab.repo.pull(42);
  head.checks({ name: "build", ends: null });
  const watch = lab.box.start(["watch", "42", "--interval", "600"], { env: lab.env });
  const asked = () => lab.github.seen.filter((seen) => seen.query?.includes("PullRequestStatusChecks")).length;
  await eventually("gh pr checks watches", () => asked() > 0);
  head.endChecks();
  const { code, stderr } = await watch.ended;
  expect(stderr).toMatch(/^p9: ✓ PR #42 succeeded/m);
  expect(code).toBe(0);
  expect(processesWith(lab.box.dir)).toEqual([]);
});
