import { expect, test } from "vitest";
import { eventually, sandbox } from "../../../helpers/p9.ts";

/** A kind of pull requests that p9 has never heard of: it fails when the file `failed` is there, and says what to do then. */
const GITLAB = `
import { existsSync } from "node:fs";
export default {
  name: "gitlab",
  waitKinds: [{
    name: "merge-request", summary: "A merge request",
    traits: { noun: "MR", slot: "pull-request", next: { failed: "Read the pipeline of the merge request" } },
    interval: { firstS: 0.3, maxS: 0.3 },
    pin: async ({ ref }, { cwd }) => ({ ref: "#" + ref, key: ref, repo: "g/p", pr: Number(ref), identity: { cwd }, complete: true }),
    look: async ({ pin }) =>
      existsSync(pin.identity.cwd + "/failed")
        ? { status: "failed", reason: "The pipeline failed", settle: { looks: 1 } }
        : { status: "running", reason: "The pipeline runs" },
  }],
};`;

test("a plugin's kind of pull request is named, counted and explained as it says, also when the plugin is gone", async () => {
  const box = sandbox();
  const file = box.write("../gitlab.mjs", GITLAB);
  expect(await box.p9(["plugin", "add", file])).toMatchObject({ code: 0 });
  const started = await box.p9(["watch", "merge-request", "7", "--background"]);
  expect(started, started.stderr).toMatchObject({ code: 0 });
  // It holds the session's only slot.
  const second = await box.p9(["watch", "merge-request", "8"]);
  expect(second).toMatchObject({ code: 5, stderr: expect.stringContaining("Cannot watch MR #8 (g/p) now") });
  expect((await box.p9(["status"])).stdout).toMatch(/^WATCHING +MR #7 \(g\/p\) /);
  box.write("failed", "");
  await eventually("it ended red", () => box.events().some(({ to_state }) => to_state === "RED_UNCLASSIFIED"));
  expect(await box.p9(["plugin", "remove", file])).toMatchObject({ code: 0 });
  const status = await box.json<{ open_prs: object[]; open_waits: object[] }>(["status"]);
  expect(status).toMatchObject({ open_prs: [{ kind: "merge-request", pr: 7 }], open_waits: [] });
  expect((await box.p9(["report"])).stdout).toMatch(
    /RED_UNCLASSIFIED {2}✗ MR #7 failed.*: The pipeline failed; next: Read the pipeline of the merge request$/m,
  );
});
