// needs: time, tmux
import { appendFileSync, mkdirSync, renameSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { eventually, type Sandbox, sandbox } from "../../../helpers/p9.ts";
import { isAlive } from "../../../helpers/processes.ts";
import { row } from "../../../stats/sample.ts";
import { openTerminal, type TestTerminal, topOn } from "./terminal.ts";

const RUNTIMES = ["node", "deno"] as const;

/** Opens the view and waits for its first picture. */
async function openTop(terminal: TestTerminal, runtime: "node" | "deno" = "node"): Promise<void> {
  await terminal.until(/ready>/);
  terminal.type(topOn(runtime));
  terminal.press("Enter");
  await eventually("the view has the screen", () => terminal.ask("alternate_on") === "1");
  await terminal.until(/waiting/);
}

/** Resolves when the shell has its screen back, as it was. */
async function isBack(terminal: TestTerminal): Promise<void> {
  await eventually("the main screen is back", () => terminal.ask("alternate_on") === "0");
  await terminal.until(/top[\s\S]*ready> *$/m);
  expect([terminal.ask("cursor_flag"), terminal.ask("wrap_flag")]).toEqual(["1", "1"]);
}

/** Writes rows of waits that nobody watches any more. */
function writeEnded(box: Sandbox, count: number, title = "", state: "GREEN" | "RED_UNCLASSIFIED" = "GREEN"): void {
  mkdirSync(box.home, { recursive: true, mode: 0o700 });
  for (let pr = 1; pr <= count; pr += 1) {
    const more = { pr, ref: `#${pr}`, extra: { title, outcome: state === "GREEN" ? "succeeded" : "failed" } };
    const rows = [
      row(`w-${pr}`, Date.now() - 60_000, null, "PUSHED", more),
      row(`w-${pr}`, Date.now() - 60_000, "PUSHED", "WATCHING", more),
      row(`w-${pr}`, Date.now() - 60_000 + pr * 1000, "WATCHING", state, more),
    ];
    appendFileSync(join(box.home, "state.jsonl"), rows.map((one) => `${JSON.stringify(one)}\n`).join(""));
  }
}

describe("without a terminal", () => {
  test("one line names what programs use instead, with exit 3", async () => {
    const { code, stdout, stderr } = await sandbox().p9(["top"]);
    expect([code, stdout]).toEqual([3, ""]);
    expect(stderr).toBe("p9: Cannot draw without a terminal: p9 top --json says the same to programs\n");
  });

  test("--json prints all that it would show", async () => {
    const box = sandbox();
    await box.p9(["watch", "build", "--", "sh", "-c", "exit 3"]);
    const shown = await box.json<{ waits: object[] }>(["top"]);
    expect(shown.waits).toMatchObject([{ state: "RED_UNCLASSIFIED", live: false, move: { who: "you" } }]);
  });
});

describe.each(RUNTIMES)("on %s", (runtime) => {
  test("an empty home says what to do next, and q gives the screen back", async () => {
    const box = sandbox();
    const terminal = openTerminal(box);
    await openTop(terminal, runtime);
    expect(terminal.screen()).toMatch(/Nothing is waited for[\s\S]*p9 watch 42/);
    expect(terminal.ask("cursor_flag")).toBe("0");
    terminal.press("q");
    await isBack(terminal);
  });

  test("what runs is shown as it goes on; details, log and a dismissal are a key away", async () => {
    const box = sandbox();
    await box.p9(["watch", "build", "--", "sh", "-c", "echo it broke here; exit 3"]);
    const terminal = openTerminal(box);
    await openTop(terminal, runtime);
    await terminal.until(/✗ red +build sh -c echo it broke/);
    const next = join(box.work, "next");
    const script = `echo 1/4; until [ -e ${next} ]; do sleep 0.1; done; echo 3/4; sleep 600`;
    await box.p9(["watch", "build", "--background", "--", "sh", "-c", script]);
    await terminal.until(/1 waiting · 1 red[\s\S]*watching +build sh .* 1\/4 \(25%\)/);
    box.write("next", "");
    await terminal.until(/3\/4 \(75%\)/);
    terminal.press("G", "Enter");
    await terminal.until(/Details[\s\S]*whose move +you/);
    terminal.press("l");
    await terminal.until(/Log of build[\s\S]*^it broke here/m);
    terminal.press("q", "d");
    await terminal.until(/Press d again to dismiss build/);
    // Another key in between takes it back.
    terminal.press("k", "j", "d");
    await terminal.until(/Press d again/);
    terminal.press("d");
    await terminal.until(/left the status/);
    expect(terminal.screen()).not.toContain("✗ red");
    terminal.press("d");
    await terminal.until(/It is still watched: p9 abandon w/);
    terminal.press("C-c");
    await isBack(terminal);
  });

  test.each(["TERM", "HUP", "INT"] as const)("SIG%s gives the screen back", async (signal) => {
    const terminal = openTerminal(sandbox());
    await openTop(terminal, runtime);
    process.kill(terminal.child(), `SIG${signal}`);
    await isBack(terminal);
    terminal.type("echo ended with $?");
    terminal.press("Enter");
    await terminal.until(signal === "INT" ? /^ended with 0$/m : /^ended with 14$/m);
  });

  test("Ctrl-Z gives the screen to the shell, and fg takes it again", async () => {
    const terminal = openTerminal(sandbox());
    await openTop(terminal, runtime);
    terminal.press("C-z");
    await terminal.until(/Stopped[\s\S]*ready> *$/m);
    expect([terminal.ask("alternate_on"), terminal.ask("cursor_flag")]).toEqual(["0", "1"]);
    terminal.type("fg");
    terminal.press("Enter");
    await eventually("the view is back", () => terminal.ask("alternate_on") === "1");
    await terminal.until(/Nothing is waited for/);
    terminal.press("q");
    await isBack(terminal);
  });

  test("a terminal that is closed ends it", async () => {
    const terminal = openTerminal(sandbox());
    await openTop(terminal, runtime);
    const pid = terminal.child();
    terminal.kill();
    await eventually("it is gone", () => !isAlive(pid));
  });
});

test("what is thrown gives the screen back before it is told", async () => {
  const boom = "data:text/javascript,setTimeout(()=>{throw new Error('it broke')},2000)";
  const terminal = openTerminal(sandbox(), { env: { NODE_OPTIONS: `--import "${boom}"` } });
  await openTop(terminal);
  await isBack(terminal);
  expect(terminal.screen()).toContain("p9: internal error: it broke");
});

test("a log that cannot be read for a while is said, and what was read stays", async () => {
  const box = sandbox();
  writeEnded(box, 2);
  const terminal = openTerminal(box);
  await openTop(terminal);
  await terminal.until(/PR #2/);
  const log = join(box.home, "state.jsonl");
  renameSync(log, `${log}.away`);
  mkdirSync(log);
  await terminal.until(/PR #2[\s\S]*Cannot read ".*state.jsonl"/);
  rmdirSync(log);
  renameSync(`${log}.away`, log);
  terminal.press("j");
  await terminal.until(/q quit/);
  expect(terminal.screen()).toContain("PR #2");
  terminal.press("q");
  await isBack(terminal);
});

test("any size will do: the list is scrolled and says how much more there is", async () => {
  const box = sandbox();
  writeEnded(box, 60);
  const terminal = openTerminal(box, { columns: 100, rows: 12 });
  await openTop(terminal);
  await terminal.until(/51 more below *$/m);
  terminal.press("G");
  await terminal.until(/▸ ✓ green +PR #1 [\s\S]*50 above *$/m);
  terminal.resize(20, 5);
  await terminal.until(/▸✓ green +PR #1 [\s\S]*↑57 *$/m);
  expect(
    terminal
      .screen()
      .split("\n")
      .filter((line) => line !== ""),
  ).toHaveLength(5);
  terminal.resize(300, 80);
  await terminal.until(/✓ green +PR #60 [\s\S]*▸ ✓ green +PR #1 /);
  terminal.resize(6, 2);
  await terminal.until(/▸✓ gr/);
  terminal.resize(1, 1);
  await eventually("it lives", () => isAlive(terminal.child()));
  terminal.resize(100, 12);
  await terminal.until(/PR #1 [\s\S]*50 above/);
  terminal.press("/");
  terminal.type("#33");
  terminal.press("Enter");
  await terminal.until(/Ended \(1\)\n▸ ✓ green +PR #33 /);
  terminal.press("Escape");
  await terminal.until(/Ended \(60\)|above/);
  terminal.press("q");
  await isBack(terminal);
});

test("text from outside cannot leave its cell: no sequence, no line, no direction, no width of its own", async () => {
  const box = sandbox();
  const evil = "\u001b]0;owned\u0007a\u001b[2J\u001b[31mb\r\nc\u202ed 日本語 👨‍👩‍👧 e\u0301 \u009b5n";
  writeEnded(box, 3, evil, "RED_UNCLASSIFIED");
  const terminal = openTerminal(box, { columns: 100, rows: 12 });
  const title = terminal.ask("pane_title");
  await openTop(terminal);
  await terminal.until(/PR #3 \(o\/r\) +ab c?d? ?c?d 日本/);
  expect(terminal.ask("pane_title")).toBe(title);
  const lines = terminal.screen().split("\n");
  expect(lines.slice(1, 5)).toEqual([
    "Ended (3)",
    expect.stringContaining("PR #3"),
    expect.stringContaining("PR #2"),
    expect.stringContaining("PR #1"),
  ]);
  expect(terminal.screen(true)).not.toMatch(/\u202e|\u001b\]0/);
  // The columns stand below each other whatever is in them: here as many characters before the time as cells less two wide ones.
  const columns = new Set(lines.slice(2, 5).map((line) => line.replaceAll(/\d+ (s|min) ago/g, "@").indexOf("@")));
  expect(columns.size).toBe(1);
  terminal.press("q");
  await isBack(terminal);
});

test.each([
  [{ NO_COLOR: "1", FORCE_COLOR: "1" }, false],
  [{ NO_COLOR: "", FORCE_COLOR: "1" }, true],
  [{ NO_COLOR: "" }, true],
])("colour follows %j", async (env, colored) => {
  const box = sandbox();
  writeEnded(box, 2);
  const terminal = openTerminal(box, { env });
  await openTop(terminal);
  await terminal.until(/PR #2/);
  expect(/\u001b\[[0-9;]*(7|32)m/.test(terminal.screen(true))).toBe(colored);
  terminal.press("q");
  await isBack(terminal);
});

test("a terminal that can do nothing is refused", async () => {
  const terminal = openTerminal(sandbox(), { env: { NO_COLOR: "1" } });
  await terminal.until(/ready>/);
  terminal.type(`TERM=dumb ${topOn("node")}; echo ended with $?`);
  terminal.press("Enter");
  await terminal.until(/Cannot draw without a terminal[\s\S]*^ended with 3/m);
});

test("80 columns hold the most of a title", async () => {
  const box = sandbox();
  mkdirSync(box.home);
  const extra = { title: "Teach the parser of dates about leap seconds", traits: { noun: "PR", evidence: "checks" } };
  const rows = [
    row("w-1", Date.now() - 60_000, null, "PUSHED", { kind: "pr-ci", ref: "#42", pr: 42, repo: "o/r", extra }),
    row("w-1", Date.now() - 50_000, "PUSHED", "WATCHING", { kind: "pr-ci", ref: "#42", pr: 42, repo: "o/r", extra }),
  ];
  appendFileSync(join(box.home, "state.jsonl"), rows.map((entry) => `${JSON.stringify(entry)}\n`).join(""));
  const terminal = openTerminal(box, { columns: 80 });
  terminal.type(topOn("node"));
  terminal.press("Enter");
  await terminal.until(/PR #42 \(o\/r\) {2}Teach the parser of dates about/);
});
