// needs: script
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT, sandbox } from "../helpers/p9.ts";

const P9 = `node ${join(ROOT, "dist/p9.js")}`;

/** A user on a desktop, or over ssh. */
function user({ desktop }: { readonly desktop: boolean }) {
  const one = sandbox();
  mkdirSync(join(one.dir, "bin"));
  if (desktop) writeFileSync(join(one.dir, "bin/notify-send"), "#!/bin/sh\nexit 0\n");
  if (desktop) chmodSync(join(one.dir, "bin/notify-send"), 0o755);
  const bus = desktop ? { DBUS_SESSION_BUS_ADDRESS: "unix:path=/x" } : { DBUS_SESSION_BUS_ADDRESS: "" };
  const env = {
    ...one.env,
    ...bus,
    GH_TOKEN: "x",
    XDG_RUNTIME_DIR: one.dir,
    PATH: `${one.dir}/bin:${one.env.PATH}`,
    TERM: "xterm",
  };
  const file = join(one.home, "notify.json");
  return {
    ...one,
    file,
    channels: () => (existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).channels : null),
    answering: (command: string, input: string, more: Readonly<Record<string, string>> = {}) => {
      const how = { env: { ...env, ...more }, cwd: one.work, encoding: "utf8", input } as const;
      return spawnSync("script", ["-qec", `${P9} ${command}`, "/dev/null"], how).stdout;
    },
    piped: (...args: string[]) => one.p9(args, { env, input: "y\ny\n" }),
  };
}

const questions = (text: string) => text.split("[y/N]").length - 1;

test("on a terminal p9 init asks once whether endings are shown on the desktop; yes writes the channel, and p9 uninstall takes it back", () => {
  const { answering, channels, file } = user({ desktop: true });
  const said = answering("init", "y\n");
  expect(said).toContain("When a wait ends: show a notice on this machine's desktop (notify-send, osascript)? [y/N]");
  expect(questions(said)).toBe(1);
  expect(channels()).toEqual([{ type: "desktop" }]);
  expect(answering("init", "y\n")).toMatch(/^y\r\nNothing to do: p9 is set up\r\n/);
  answering("uninstall", "");
  expect(existsSync(file)).toBe(false);
});

test.each(["n\n", "\n", "\u0004"])("the answer %j writes no channel", (answer) => {
  const { answering, channels } = user({ desktop: true });
  expect(answering("init", answer)).toContain("p9 is set up for you");
  expect(channels()).toBeNull();
});

test("where no desktop is, it offers the terminal", () => {
  const { answering, channels } = user({ desktop: false });
  expect(answering("init", "y\n")).toContain(
    "When a wait ends: have the terminal that a command waits in show a notice",
  );
  expect(channels()).toEqual([{ type: "terminal" }]);
});

test("into a pipe, to an agent, for a repository and with --no-notify it never asks, and writes none", async () => {
  const { answering, piped, channels } = user({ desktop: true });
  for (const command of ["init --project", "init --no-notify", "init --dry-run"])
    expect(questions(answering(command, "y\ny\n"))).toBe(0);
  expect((await piped("init")).stdout).not.toContain("[y/N]");
  expect(questions(answering("init", "y\n", { CLAUDECODE: "1" }))).toBe(0);
  expect(channels()).toBeNull();
});

test("--notify agrees beforehand", async () => {
  const { piped, channels, file } = user({ desktop: true });
  expect((await piped("init", "--notify")).code).toBe(0);
  expect(channels()).toEqual([{ type: "desktop" }]);
  expect(JSON.parse(readFileSync(file, "utf8")).$schema).toMatch(/^https:.*notify/);
});

test("a user with a channel is offered none, and a file that somebody changed since is left by p9 uninstall", () => {
  const { answering, channels, file, home } = user({ desktop: true });
  mkdirSync(home, { recursive: true });
  writeFileSync(file, '{"channels": [{"type": "command", "cmd": "true"}]}');
  expect(questions(answering("init", "y\n"))).toBe(0);
  writeFileSync(file, '{"channels": []}');
  answering("init", "y\n");
  const own = [{ type: "desktop" }, { type: "ntfy", topic: "t" }];
  writeFileSync(file, JSON.stringify({ channels: own }));
  answering("uninstall", "");
  expect(channels()).toEqual(own);
});

test.each([
  ["y\n", true],
  ["n\n", false],
])(
  "on a terminal p9 init says what Gemini's two settings do, and sets them after the answer %j only",
  (answer, isSet) => {
    const { answering, dir } = user({ desktop: false });
    const said = answering("init --harness gemini --no-notify", answer);
    expect(said).toMatch(
      /puts the output of a background command into the conversation.*experimental\.modelSteering = true\? \[y\/N\]/s,
    );
    const settings = JSON.parse(readFileSync(join(dir, ".gemini/settings.json"), "utf8"));
    expect(settings.experimental?.modelSteering === true).toBe(isSet);
    if (isSet) expect(questions(answering("init --harness gemini --no-notify", answer))).toBe(0);
    expect(questions(answering("init --harness gemini --no-notify --no-wake", answer))).toBe(0);
  },
);
