// needs: script, tmux, time
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { sequenceOf } from "../../../plugins/notifiers/terminal/sequences.ts";
import { eventually, ROOT, type Sandbox, sandbox } from "../../helpers/p9.ts";

const P9 = `node ${join(ROOT, "dist/p9.js")}`;
/** A user whose channel is the terminal. */
function user(channel: object = {}): Sandbox {
  const one = sandbox();
  mkdirSync(one.home, { recursive: true });
  writeFileSync(join(one.home, "notify.json"), JSON.stringify({ channels: [{ type: "terminal", ...channel }] }));
  return one;
}

/** All that a command writes to a terminal of its own. */
function onTerminal({ env, work }: Sandbox, command: string, more: Readonly<Record<string, string>> = {}): string {
  const { stdout } = spawnSync("script", ["-qec", command, "/dev/null"], {
    env: { ...env, TERM: "xterm", ...more },
    cwd: work,
    encoding: "utf8",
    input: "",
  });
  return stdout;
}

const rows = ({ home }: Sandbox): Record<string, unknown>[] =>
  readFileSync(join(home, "notify.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

describe("what is sent", () => {
  test("each form is one sequence that nothing of a notice can end", () => {
    const hostile = { id: 'x";\u001b', title: "a\u0007b\u001b\\c\u009cd;e\nf", body: "4;1;\u001b]52;c;eA==\u0007\nx" };
    expect(sequenceOf("osc9", hostile)).toBe("\u001b]9;p9: ab\\cd;e f · 4;1; · x\u0007");
    expect(sequenceOf("osc777", hostile)).toBe("\u001b]777;notify;p9: ab\\cd,e f;4,1, · x\u0007");
    const base64 = (text: string) => Buffer.from(text).toString("base64");
    expect(sequenceOf("osc99", hostile)).toBe(
      `\u001b]99;i=p9-x:d=0:e=1;${base64("p9: ab\\cd;e f")}\u001b\\\u001b]99;i=p9-x:e=1:p=body;${base64("4;1; · x")}\u001b\\`,
    );
    expect(sequenceOf("bell", hostile)).toBe("\u0007");
  });

  test("long texts are clipped", () => {
    const long = { id: "n", title: "t".repeat(5_000), body: "b".repeat(50_000) };
    for (const form of ["osc9", "osc99", "osc777"] as const) expect(sequenceOf(form, long).length).toBeLessThan(800);
  });
});

describe("a command that somebody waits in", () => {
  test.each<[string, Readonly<Record<string, string>>]>([
    ["\u001b]9;p9: ", { TERM_PROGRAM: "iTerm.app" }],
    ["\u001b]9;p9: ", { LC_TERMINAL: "iTerm2" }],
    ["\u001b]99;i=p9-", { KITTY_WINDOW_ID: "1" }],
    ["\u001b]777;notify;p9: ", { WEZTERM_PANE: "0" }],
    ["\u001b]777;notify;p9: ", { TERM_PROGRAM: "ghostty" }],
    ["\u0007", { TERM_PROGRAM: "Apple_Terminal" }],
    ["\u0007", { TERM_PROGRAM: "iTerm.app", ZELLIJ: "0" }],
  ])("sends %j where the environment holds %j", (sequence, env) => {
    const one = user();
    const text = onTerminal(one, `${P9} watch build -- true`, env);
    // Kitty's has two parts.
    expect(text.split(sequence)).toHaveLength(sequence.startsWith("\u001b]99") ? 3 : 2);
    expect(text.split("\u0007").length - 1).toBe(sequence.startsWith("\u001b]99") ? 0 : 1);
    expect(rows(one).flatMap(({ deliveries }) => deliveries)).toMatchObject([{ channel: "terminal", ok: true }]);
  });

  test("sends what the user's channel says, whatever the terminal is", () => {
    expect(onTerminal(user({ form: "osc777" }), `${P9} watch build -- true`)).toContain(
      "\u001b]777;notify;p9: build true",
    );
  });

  test("tells once, also when two wait for the same end", async () => {
    const one = user({ form: "osc9" });
    const ended = one.start([
      "watch",
      "build",
      "--background",
      "--",
      "sh",
      "-c",
      "until [ -e go ]; do sleep 0.1; done",
    ]);
    await ended.ended;
    const [wait] = one.events();
    const texts = [0, 1].map(() => {
      const child = spawn("script", ["-qec", `${P9} attach ${wait?.wait_id}`, "/dev/null"], {
        env: { ...one.env, TERM: "xterm" },
        cwd: one.work,
        stdio: ["pipe", "pipe", "ignore"],
      });
      let text = "";
      child.stdout.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      onTestFinished(() => void child.kill("SIGKILL"));
      return { text: () => text, closed: new Promise((resolve) => child.once("close", resolve)) };
    });
    await eventually("both follow it", () => texts.every(({ text }) => text().includes("runs (pid")));
    one.write("go", "");
    await Promise.all(texts.map(({ closed }) => closed));
    expect(texts.map(({ text }) => text().split("\u001b]9;").length - 1).sort()).toEqual([0, 1]);
  });

  test("on an agent's terminal and into a pipe nothing is sent", async () => {
    expect(onTerminal(user({ form: "osc9" }), `${P9} watch build -- true`, { CLAUDECODE: "1" })).not.toContain(
      "\u001b]9;",
    );
    const piped = await user({ form: "osc9" }).p9(["watch", "build", "--", "true"]);
    expect(piped.stdout + piped.stderr).not.toContain("\u001b");
    const told = await user({ form: "osc9" }).p9(["notify", "hello"]);
    expect(told).toMatchObject({ code: 1, stderr: expect.stringContaining("Nobody was told") });
  });

  test("p9 notify tries it", () => {
    const text = onTerminal(user({ form: "osc9" }), `${P9} notify 'hello there'`);
    expect(text).toContain("\u001b]9;p9: hello there\u0007");
    expect(text).toContain("ok   terminal");
  });

  test("the other channels hear of the same end", async () => {
    const one = user();
    const channels = [{ type: "terminal" }, { type: "command", cmd: `cat >${one.dir}/heard` }];
    writeFileSync(join(one.home, "notify.json"), JSON.stringify({ channels }));
    expect(onTerminal(one, `${P9} watch build -- true`)).toContain("\u0007");
    await eventually("both are told", () => rows(one).some(({ closed }) => closed === true));
    const told = rows(one).flatMap(({ deliveries }) => deliveries as { channel: string; ok: boolean }[]);
    expect(told.map(({ channel, ok }) => `${channel} ${ok}`).sort()).toEqual(["command true", "terminal true"]);
    expect(new Set(rows(one).map(({ id }) => id)).size).toBe(1);
  });
});

test("a file is no terminal: nothing is written into it", () => {
  const one = user();
  const file = one.write("mine", "years");
  writeFileSync(join(one.home, "notify.json"), JSON.stringify({ channels: [{ type: "terminal", device: file }] }));
  expect(onTerminal(one, `${P9} notify hello`)).toContain(`FAIL terminal: Cannot tell "${file}": it is no terminal`);
  expect(readFileSync(file, "utf8")).toBe("years");
});

test("a background process leaves the terminal alone, and tells the other channels", async () => {
  const one = user();
  const channels = [{ type: "terminal" }, { type: "command", cmd: `cat >${one.dir}/heard` }];
  writeFileSync(join(one.home, "notify.json"), JSON.stringify({ channels }));
  await one.p9(["watch", "build", "--background", "--", "true"]);
  await eventually(
    "it is told",
    () => existsSync(join(one.home, "notify.jsonl")) && rows(one).some(({ closed }) => closed === true),
  );
  expect(rows(one).flatMap(({ deliveries }) => deliveries)).toMatchObject([{ channel: "command", ok: true }]);
});

describe("in tmux", () => {
  const WEZTERM = "\u001bP>|WezTerm 20240203\u001b\\";

  /** All that tmux writes to its own terminal, which calls itself what is given, while a command runs in it. */
  async function inTmux(
    { env, work, dir }: Sandbox,
    {
      passes,
      terminal,
      nested = false,
    }: { readonly passes: "on" | "off"; readonly terminal: string; readonly nested?: boolean },
  ): Promise<string> {
    const socket = (name: string) => join(dir, name);
    const conf = join(dir, "tmux.conf");
    writeFileSync(conf, `set -g allow-passthrough ${passes}\nset -g status off\n`);
    const watch = `sh -c 'until [ -e go ]; do sleep 0.1; done; ${P9} watch build -- true; sleep 1'`;
    const tmux = (name: string, command: string) =>
      `env -u TMUX tmux -S ${socket(name)} -f ${conf} new-session ${quoted(command)}`;
    const command = nested ? tmux("outer", tmux("inner", watch)) : tmux("inner", watch);
    const child = spawn("script", ["-qec", command, "/dev/null"], {
      env: { ...env, TERM: "xterm-256color" },
      cwd: work,
      stdio: ["pipe", "pipe", "ignore"],
    });
    const closed = new Promise((resolve) => child.once("close", resolve));
    onTestFinished(() => {
      for (const name of ["inner", "outer"]) spawnSync("tmux", ["-S", socket(name), "kill-server"]);
    });
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (part: string) => {
      text += part;
    });
    const ask = (format: string) =>
      spawnSync("tmux", ["-S", socket("inner"), "list-clients", "-F", format], { encoding: "utf8" }).stdout.trim();
    await eventually("tmux is shown", () => ask("#{client_termname}") !== "");
    child.stdin.write(terminal);
    if (terminal !== "" && !nested) await eventually("tmux knows its terminal", () => ask("#{client_termtype}") !== "");
    writeFileSync(join(work, "go"), "");
    await closed;
    return text;
  }

  const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

  test("the sequence for tmux's own terminal is handed on, where tmux hands on", async () => {
    const text = await inTmux(user(), { passes: "on", terminal: WEZTERM });
    expect(text.split("\u001b]777;notify;p9: build true")).toHaveLength(2);
    expect(text).not.toContain("tmux;");
  });

  test("where it does not, it rings", async () => {
    const text = await inTmux(user(), { passes: "off", terminal: WEZTERM });
    expect(text).not.toContain("777;notify");
    expect(text).toContain("\u0007");
  });

  test("a terminal that is not known is rung", async () => {
    const text = await inTmux(user(), { passes: "on", terminal: "" });
    expect(text).not.toMatch(/\u001b\](?:9|99|777);/);
    expect(text).toContain("\u0007");
  });

  test("one within another hands on through both", async () => {
    const text = await inTmux(user({ form: "osc9" }), { passes: "on", terminal: "", nested: true });
    expect(text.split("\u001b]9;p9: build true")).toHaveLength(2);
    expect(text).not.toContain("tmux;");
  });
});
