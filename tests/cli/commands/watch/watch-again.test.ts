// needs: time
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT, sandbox } from "../../../helpers/p9.ts";
import type { Report } from "../../pr-lab.ts";

const SECRET = "k7Rb2XqZ9mTf4WcY";
const P9 = `${process.env.P9_TEST_NODE ?? "node"} ${join(ROOT, "dist/p9.js")}`;

test.each([
  ["build", ["build", "the build", "--", "sh", "-c", "sleep 60; echo 'it is' done"]],
  ["command", ["command", "--look-timeout", "7", "--", "test", "-f", "a b"]],
  ["http", ["http", "http://127.0.0.1:1/x?a=1&b=2", "--pointer", "/a", "--success", "a", "--success", "b c"]],
])("the next step of a stopped watch of kind %s is a command that watches the same again", async (_, words) => {
  const box = sandbox();
  const watch = box.start(["watch", "--json", ...words]);
  await watch.until(/p9: (?:build|command|http) /);
  watch.kill("SIGINT");
  const { next_action }: Report = JSON.parse((await watch.ended).stdout);
  const [, command = ""] = /^(p9 watch .*); it keeps watching without a terminal$/.exec(next_action) ?? [];
  expect(command).not.toContain("…");
  execFileSync("sh", ["-c", command.replace(/^p9/, P9)], { env: box.env, cwd: box.work });
  const { open_waits } = await box.json<{ open_waits: { extra: { pin: object; options: object } }[] }>(["status"]);
  const first = box.events().find(({ type }) => type === "transition") as (typeof open_waits)[number];
  expect(open_waits).toMatchObject([{ extra: { pin: first.extra.pin, options: first.extra.options } }]);
});

test("what may be a secret is in no next step", async () => {
  const box = sandbox();
  const watch = box.start(["watch", "--json", "build", "--", "sh", "-c", "sleep 60", "x", "--password", SECRET]);
  await watch.until(/p9: (?:build|command|http) /);
  watch.kill("SIGINT");
  const { next_action }: Report = JSON.parse((await watch.ended).stdout);
  expect(next_action).toBe("The same p9 watch with --background; it keeps watching without a terminal");
});
