import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import desktop from "../../../plugins/notifiers/desktop.ts";
import type { DeliverContext, Env, Notice } from "../../../src/plugin.ts";
import { makePluginContext } from "../../../src/plugins-host/context.ts";
import { eventually, sandbox } from "../../helpers/p9.ts";

const NOTICE: Notice = {
  id: "n-1",
  kind: "termination:green",
  title: "PR #42 (octo/app) → GREEN",
  body: "all 9 checks succeeded\nAfter 3m",
  severity: "info",
};

/** A desktop whose program of this name records how it was called, and then does what the line of sh says. */
function desktopWith(program: string, then = "exit 0") {
  const folder = mkdtempSync(join(tmpdir(), "p9-desktop-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, "bin"));
  const record = join(folder, "called");
  writeFileSync(
    join(folder, "bin", program),
    `#!/bin/sh\nprintf '%s\\0' "$@" >>'${record}'\necho "$DBUS_SESSION_BUS_ADDRESS" >'${folder}/bus'\n${then}\n`,
  );
  chmodSync(join(folder, "bin", program), 0o755);
  const refuse = () => Promise.reject(new Error("unused"));
  const github = { graphql: refuse, rest: refuse, repository: refuse };
  return {
    folder,
    context: (more: Env = {}): DeliverContext => {
      const env = { PATH: `${folder}/bin:/usr/bin:/bin`, DBUS_SESSION_BUS_ADDRESS: "unix:path=/x", ...more };
      return {
        ...makePluginContext({ plugin: "test", home: folder, env, cwd: folder, github }),
        options: { program },
      };
    },
    /** The arguments of every call. */
    called: () => (existsSync(record) ? readFileSync(record, "utf8").split("\0").slice(0, -1) : []),
    bus: () => readFileSync(join(folder, "bus"), "utf8").trim(),
  };
}

test("notify-send gets title and body as two arguments behind `--`", async () => {
  const { context, called } = desktopWith("notify-send");
  await desktop.deliver(NOTICE, context());
  expect(called()).toEqual([
    "-a",
    "p9",
    "-u",
    "low",
    "--",
    "PR #42 (octo/app) → GREEN",
    "all 9 checks succeeded\nAfter 3m",
  ]);
});

test("what a pull request is called is text: no option, no markup, no escape that notify-send or the terminal would read", async () => {
  const { context, called } = desktopWith("notify-send");
  const title = "--help $(touch x) \u001b]0;owned\u0007 `id`";
  await desktop.deliver(
    { ...NOTICE, severity: "error", title, body: '<img src="x"> & \\033[31m\\n \u202eend' },
    context(),
  );
  expect(called().slice(3)).toEqual([
    "critical",
    "--",
    "--help $(touch x)  `id`",
    '&lt;img src="x"&gt; &amp; \\\\033[31m\\\\n end',
  ]);
});

test("osascript gets them as arguments of a script that is always the same", async () => {
  const { context, called } = desktopWith("osascript");
  const title = '" & do shell script "touch x" & "';
  await desktop.deliver({ ...NOTICE, title, body: "-e beep" }, context());
  const words = called();
  expect(words.slice(-3)).toEqual(["p9", title, "-e beep"]);
  expect(words.slice(0, -3).join(" ")).toBe(
    "-e on run argv -e display notification (item 3 of argv) with title (item 2 of argv) -e end run",
  );
});

test("long texts are clipped", async () => {
  const { context, called } = desktopWith("notify-send");
  await desktop.deliver({ ...NOTICE, title: "t".repeat(9_000), body: "b".repeat(90_000) }, context());
  expect(called().at(-2)).toHaveLength(120);
  expect(called().at(-1)).toHaveLength(400);
});

test("a program that hangs is ended, and not tried again: it may have shown the notice", async () => {
  const { context, called, folder } = desktopWith(
    "notify-send",
    `echo $$ >pid; mv pid "$(dirname "$0")/../pid"; sleep 60`,
  );
  const error = await desktop.deliver(NOTICE, { ...context(), exec: hurried(context()) }).catch((thrown) => thrown);
  expect(error.message).toBe("notify-send did not end within 5 s");
  expect(error.name).toBe("Error");
  expect(called()).toHaveLength(7);
  expect(existsSync(`/proc/${readFileSync(join(folder, "pid"), "utf8").trim()}`)).toBe(false);
});

/** The same world, in which the time limit comes sooner. */
function hurried({ exec }: DeliverContext): DeliverContext["exec"] {
  return (argv, options) =>
    exec(argv, { ...options, cwd: tmpdir(), timeoutMs: Math.min(options?.timeoutMs ?? 0, 1_500) });
}

test("what the program says about its failure is told, in one line", async () => {
  const { context } = desktopWith("notify-send", "echo 'GDBus.Error: no\u001b[31m service' >&2; exit 1");
  await expect(desktop.deliver(NOTICE, context())).rejects.toThrow("notify-send ended with 1: GDBus.Error: no service");
});

test("without a session bus, or without the program, it says so and starts nothing", async () => {
  const { context, called, folder } = desktopWith("notify-send");
  const without = context({ DBUS_SESSION_BUS_ADDRESS: undefined, XDG_RUNTIME_DIR: folder });
  const problem = "Cannot show notices on the desktop: no session bus is here (DBUS_SESSION_BUS_ADDRESS is not set)";
  expect(await desktop.missing(without)).toBe(problem);
  await expect(desktop.deliver(NOTICE, without)).rejects.toThrow(problem);
  expect(await desktop.missing(context({ PATH: "bin:/nowhere" }))).toContain('"notify-send" is not on PATH');
  expect(called()).toEqual([]);
});

test("a session bus at its usual place is found where no variable names it, as over ssh", async () => {
  const { context, bus, folder } = desktopWith("notify-send");
  writeFileSync(join(folder, "bus"), "");
  const remote = context({ DBUS_SESSION_BUS_ADDRESS: undefined, XDG_RUNTIME_DIR: folder });
  expect(await desktop.missing(remote)).toBeNull();
  await desktop.deliver(NOTICE, remote);
  expect(bus()).toBe(`unix:path=${folder}/bus`);
});

test("an end that nobody waits for in a terminal is shown once, by the process that watched", async () => {
  const { folder, called } = desktopWith("notify-send");
  const one = sandbox();
  const env = { PATH: `${folder}/bin:${one.env.PATH}`, DBUS_SESSION_BUS_ADDRESS: "unix:path=/x" };
  mkdirSync(one.home);
  writeFileSync(join(one.home, "notify.json"), '{"channels": [{"type": "desktop"}]}');
  const told = () => existsSync(join(one.home, "notify.jsonl")) && readFileSync(join(one.home, "notify.jsonl"), "utf8");
  await one.p9(["watch", "build", "--background", "--", "true"], { env });
  await eventually("it is told", () => /"closed":\s?true/.test(told() || ""));
  for (let command = 0; command < 3; command++) await one.p9(["reap"], { env });
  expect(called().filter((word) => word === "-a")).toHaveLength(1);
  expect(called().at(-2)).toContain("build true → GREEN");
  const { stdout } = await one.p9(["doctor"], { env });
  expect(stdout).toContain('channel "desktop" (desktop)');
});

test("p9 doctor warns once where no desktop can be reached, and other commands are silent about it", async () => {
  const one = sandbox();
  const env = { DBUS_SESSION_BUS_ADDRESS: undefined, XDG_RUNTIME_DIR: one.dir, PATH: one.env.PATH };
  mkdirSync(one.home);
  writeFileSync(join(one.home, "notify.json"), '{"channels": [{"type": "desktop"}]}');
  const { stdout } = await one.p9(["doctor"], { env });
  expect(stdout.match(/Cannot show notices on the desktop/g)).toHaveLength(1);
  expect(stdout).toMatch(/warn\s+notify/);
  const watched = await one.p9(["watch", "build", "--", "true"], { env });
  expect(watched.code).toBe(0);
  await one.p9(["reap"], { env });
  await eventually("the delivery was tried", () =>
    readFileSync(join(one.home, "notify.jsonl"), "utf8").includes('"absent"'),
  );
  const status = await one.p9(["status", "--all"], { env });
  expect(watched.stderr + status.stdout + status.stderr).not.toContain("desktop");
});
