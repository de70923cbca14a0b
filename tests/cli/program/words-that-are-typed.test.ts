// needs: time, git, gh
import { expect, test } from "vitest";
import { ROOT, sandbox } from "../../helpers/p9.ts";
import { onTerminal, plainText } from "../../helpers/terminal.ts";
import { openTerminal } from "../commands/top/terminal.ts";

test.each([
  [
    ["events", "tail", "--type", "transitoin"],
    /type "transitoin" \(did you mean "transition"\?\): wanted transition, /,
  ],
  [["wait-queue", "push", "--item", "x", "--source", "sesion"], /source "sesion" \(did you mean "session"\?\)/],
  [["watch", "index-sync", "npn:x", "--provider", "npn"], /provider "npn" \(did you mean "npm"\?\)/],
  [["plugin", "new", "sorce", "mine"], /a "sorce" \(did you mean "source"\?\)/],
  [["why", "2147483648", "--repo", "octo/app"], /#2147483648: GitHub numbers them up to 2147483647/],
])("p9 %j is wrong input, and what was meant is named", async (args, words) => {
  const { code, stderr } = await sandbox().p9(args);
  expect(stderr).toMatch(words);
  expect([code, stderr.trimEnd().split("\n")]).toEqual([3, [expect.any(String)]]);
});

test("types of events are known by themselves, by their family, and with a star", async () => {
  for (const type of ["transition", "wait.*", "wait*", "heal.began", "*"])
    expect([type, (await sandbox().p9(["events", "tail", "--type", type])).code]).toEqual([type, 0]);
});

test("an address in capitals is the same address", async () => {
  const about = async (...args: string[]) => (await sandbox().p9(args)).stderr;
  const login = /Cannot ask GitHub: gh is not logged in/;
  expect(await about("why", "HTTPS://GITHUB.COM/octo/app/pull/42")).toMatch(login);
  expect(await about("watch", "HTTPS://GITHUB.COM/octo/app/pull/42")).toMatch(login);
  expect(await about("watch", "HTTPS://GITHUB.COM/octo/app/actions/runs/7")).toMatch(login);
});

test("p9 drive says on a terminal what it does, and nothing in a pipe", async () => {
  const box = sandbox();
  const { text, code } = await onTerminal(box, "drive", { type: { after: /Ctrl-C ends it/, keys: "\u0003" } });
  expect(plainText(text)).toMatch(/^p9: Watching 0 open waits, and what comes; Ctrl-C ends it/);
  expect(code).toBe(0);
});

test("doctor names a channel's unknown option, and the one that was meant", async () => {
  const box = sandbox();
  box.write("../state/notify.json", JSON.stringify({ channels: [{ type: "ntfy", topc: "x", topic: "y" }] }));
  const { stdout } = await box.p9(["doctor"]);
  expect(stdout).toMatch(/^warn +notify +channel "ntfy" has the unknown option "topc" \(did you mean "topic"\?\)/m);
});

test("Ctrl-Z takes the live line off the terminal, and fg draws it again", async () => {
  const box = sandbox();
  const terminal = openTerminal(box, { env: { NO_COLOR: "" } });
  terminal.type(`node ${ROOT}/dist/p9.js watch build -- sleep 300`);
  terminal.press("Enter");
  await terminal.until(/\ds {2}build sleep 300/);
  terminal.press("C-z");
  await terminal.until(/Stopped/);
  expect(terminal.screen()).not.toMatch(/\ds {2}build sleep 300/);
  terminal.type("fg");
  terminal.press("Enter");
  await terminal.until(/\ds {2}build sleep 300/);
  terminal.press("C-c");
  await terminal.until(/was stopped/);
});
