// needs: gh
import { expect, onTestFinished, test } from "vitest";
import { signalProcess } from "../../src/process/exec.ts";
import { prLab } from "../cli/pr-lab.ts";

test("a heal loop whose watcher is killed has it watched again, and ends with its verdict", async () => {
  const { github, box, env, repo } = await prLab();
  onTestFinished(() => github.stop());
  box.write(".control/policy.yaml", "ci_watch:\n  settle: 0\nci_heal:\n  enabled: true\n");
  repo.require({ required: ["build"] });
  repo.pull(42).head.checks({ name: "build", ends: 12 });
  const grace = { ...env, BROOMVA_P9_WATCHER_GRACE: "0" };
  const row = await box.json<{ pid: number }>(["watch", "42", "--background", "--interval", "1"], { env: grace });
  expect(signalProcess(row.pid, "SIGKILL")).toBe(true);
  const { code, stdout } = await box.p9(["heal", "42", "--loop", "--json"], { env: grace });
  expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining("green") });
});
