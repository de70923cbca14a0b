// needs: time
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sandbox } from "../../../helpers/p9.ts";

const SECRET = "k7Rb2XqZ9mTf4WcY";

test("a secret on a build's command line reaches the build, and no output about it", async () => {
  const box = sandbox();
  const build = ["sh", "-c", 'printf %s "$2" > given; echo "got $1 $2"; exit 1', "deploy", "--password", SECRET];
  const outputs = [
    await box.p9(["watch", "build", "--", ...build]),
    await box.p9(["status", "--json"]),
    await box.p9(["status"]),
    await box.p9(["events", "tail"]),
    await box.p9(["report"]),
    await box.p9(["watch", "build", "--dry-run", "--json", "--", ...build]),
  ];
  for (const { stdout, stderr } of outputs) expect(stdout + stderr).not.toContain(SECRET);
  expect(outputs[3]?.stdout).toContain('"--password","***"');
  expect(existsSync(join(box.work, "given")) && readFileSync(join(box.work, "given"), "utf8")).toBe(SECRET);
});
