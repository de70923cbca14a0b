// needs: gh
import { afterEach, beforeEach, expect, test } from "vitest";
import { processesWith } from "../../../helpers/processes.ts";
import { type PrLab, prLab } from "../../pr-lab.ts";

let lab: PrLab;
beforeEach(async () => {
  lab = await prLab();
});
afterEach(() => lab.github.stop());

test("with observer gh, gh pr checks --watch wakes the look, the verdict comes from the checks, and gh is gone afterwards", async () => {
  lab.policy("  observer: gh");
  lab.repo.pull(42).head.checks({ name: "build", ends: 3 });
  const { code, stderr } = await lab.box.p9(["watch", "42", "--interval", "60"], { env: lab.env });
  expect(stderr).toMatch(/GREEN \(succeeded\)/);
  expect(code).toBe(0);
  expect(lab.github.seen.some((seen) => seen.query?.includes("PullRequestStatusChecks"))).toBe(true);
  expect(processesWith(lab.box.dir)).toEqual([]);
});
