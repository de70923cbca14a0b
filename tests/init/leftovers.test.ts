// needs: time, git
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { eventually, sandbox } from "../helpers/p9.ts";
import { processesWith } from "../helpers/processes.ts";

/** A user whose repository is `work`, and whose state lies where it does by default. */
function user() {
  const box = sandbox();
  execFileSync("git", ["init", "-q", box.work]);
  const env = { BROOMVA_P9_HOME: undefined };
  return { ...box, home: join(box.dir, ".config/broomva/p9"), run: (...args: string[]) => box.p9(args, { env }) };
}

describe("p9 uninstall", () => {
  test("takes the folders with it that set-up made, and leaves those that hold something", async () => {
    const { dir, work, run } = user();
    await run("init");
    await run("init", "--project");
    mkdirSync(join(work, ".control/notes"));
    expect((await run("uninstall", "--purge")).code).toBe(0);
    expect(readdirSync(work).sort()).toEqual([".control", ".git"]);
    expect(readdirSync(dir)).toEqual(["work"]);
  });

  test("takes back the config.yaml that it made, and names one that was changed since", async () => {
    const { home, run } = user();
    await run("init");
    expect((await run("uninstall")).stdout).toMatch(/config\.yaml: removed the file, which p9 had made/);
    expect(existsSync(join(home, "config.yaml"))).toBe(false);
    await run("init");
    writeFileSync(join(home, "config.yaml"), "ci_watch:\n  max_concurrent_prs: 2\n");
    expect((await run("uninstall")).stdout).toMatch(/config\.yaml: left as it is: it was changed since p9 wrote it/);
    expect(readFileSync(join(home, "config.yaml"), "utf8")).toContain("max_concurrent_prs: 2");
  });

  test("--purge ends the commands that p9 runs, and the state directory stays away", async () => {
    const { dir, home, run } = user();
    await run("init");
    await run("watch", "build", "--background", "--", "sleep", "987");
    expect(processesWith(dir).length).toBeGreaterThan(0);
    expect((await run("uninstall", "--purge")).code).toBe(0);
    await eventually("nothing of p9's runs", () => processesWith(dir).length === 0);
    expect(existsSync(home)).toBe(false);
  });
});

test("what still delivers sees an edited channel at once, and ends when the state directory is removed", async () => {
  const box = sandbox();
  const channels = (...list: readonly object[]) =>
    box.write("../state/notify.json", JSON.stringify({ channels: list }));
  const nobody = { type: "webhook", url: "http://127.0.0.1:9/nobody" };
  channels(nobody);
  await box.p9(["watch", "build", "--background", "--", "false"]);
  const journal = () => readFileSync(join(box.home, "notify.jsonl"), "utf8");
  const isThere = () => existsSync(join(box.home, "notify.jsonl"));
  await eventually("it could not be delivered", () => isThere() && journal().includes('"ok":false'));
  // It takes what is sent, and never answers.
  const silent = createServer(() => {});
  onTestFinished(() => void silent.close());
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const address = silent.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/`;
  await box.p9(["watch", "http", url, "--background"]);
  channels(
    { type: "webhook", name: "silent", url, timeout: 60 },
    { type: "command", cmd: `touch ${join(box.work, "told")}` },
  );
  await eventually("the new channel is used", () => existsSync(join(box.work, "told")), 8000);
  // At once: it writes there meanwhile.
  renameSync(box.home, `${box.home}.gone`);
  await eventually("nothing of p9's runs", () => processesWith(box.dir).length === 0, 8000);
  expect(existsSync(box.home)).toBe(false);
});

describe("p9 init", () => {
  test("says in one line that a project outside of git is this folder", async () => {
    const box = sandbox();
    const { code, stderr } = await box.p9(["init", "--project"], { env: { GIT_CEILING_DIRECTORIES: box.dir } });
    expect(code).toBe(0);
    expect(stderr.split("\n").filter((line) => line.includes("no git repository"))).toHaveLength(1);
  });

  test("reads files with a byte order mark, and keeps the mark", async () => {
    const { dir, work, run } = user();
    const settings = join(work, ".claude/settings.json");
    const policy = join(work, ".control/policy.yaml");
    for (const folder of [".claude", ".control"]) mkdirSync(join(work, folder));
    const before = ['\uFEFF{\n  "model": "opus"\n}\n', "\uFEFFother: 1\n"];
    writeFileSync(settings, before[0] ?? "");
    writeFileSync(policy, before[1] ?? "");
    expect(await run("init", "--project")).toMatchObject({ code: 0 });
    const written = readFileSync(settings, "utf8");
    expect(written.charCodeAt(0)).toBe(0xfeff);
    expect(JSON.parse(written.slice(1))).toMatchObject({ model: "opus", hooks: expect.anything() });
    expect(readFileSync(policy, "utf8")).toMatch(/^\uFEFFother: 1\n[\s\S]*^ci_watch:/m);
    expect((await run("watch", "build", "--", "true")).stderr).not.toMatch(/policy|No policy/i);
    await run("uninstall");
    expect([readFileSync(settings, "utf8"), readFileSync(policy, "utf8")]).toEqual(before);
    expect(existsSync(dir)).toBe(true);
  });
});
