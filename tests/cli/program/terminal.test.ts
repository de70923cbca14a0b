// needs: script
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { ROOT, sandbox } from "../../helpers/p9.ts";
import { onTerminal as narrowTerminal } from "../../helpers/terminal.ts";

const BUILD = "for i in 1 2 3; do echo $i/3; sleep 0.7; done";

/** Runs a watch on a terminal of its own (script(1)), and gives all that was written to it. */
function onTerminal(more: Readonly<Record<string, string>> = {}) {
  const { env, work } = sandbox();
  const command = `node ${join(ROOT, "dist/p9.js")} watch build -- sh -c '${BUILD}'`;
  const { NO_COLOR: _, ...plain } = env;
  const { stdout, status } = spawnSync("script", ["-qec", command, "/dev/null"], {
    env: { ...plain, TERM: "xterm", ...more },
    cwd: work,
    encoding: "utf8",
    input: "",
  });
  return { text: stdout, status };
}

test("on a terminal one line is redrawn with progress and time, and taken away at the end", () => {
  const { text, status } = onTerminal();
  expect(status).toBe(0);
  const drawn = text.split("\r").filter((line) => line.includes("build sh -c"));
  expect(drawn.some((line) => /\d\/3 \(\d+%\), \d+s/.test(line))).toBe(true);
  expect(text).toContain("\u001b[K");
  // A person sees the words, and no line for programs.
  const last = stripVTControlCharacters(text.slice(text.lastIndexOf("\r\u001b[K")));
  expect(last.trimStart()).toMatch(/^p9: ✓ build sh -c .* succeeded in \d+s/);
  expect(text).not.toContain("P9-TERMINATION-REPORT");
});

test("on a terminal of 8 columns it stays one line", async () => {
  const { text } = await narrowTerminal(sandbox(), `watch build -- sh -c '${BUILD}'`, { columns: 8 });
  const drawn = text.split("\r").filter((line) => line.startsWith("\u001b[K\u001b[2m"));
  expect(drawn.length).toBeGreaterThan(0);
  for (const line of drawn) expect(stripVTControlCharacters(line).length).toBeLessThan(8);
});

test.each<Record<string, string>>([
  { CLAUDECODE: "1" },
  { CODEX_THREAD_ID: "t" },
  { GEMINI_CLI: "1" },
  { AI_AGENT: "x" },
])("on the terminal of an agent (%j) the report is printed too", (agent) => {
  expect(onTerminal(agent).text).toMatch(/P9-TERMINATION-REPORT \{.*\}\r?\np9: ✓ build /);
});

test("NO_COLOR keeps the cursor still: plain lines", () => {
  const { text, status } = onTerminal({ NO_COLOR: "1" });
  expect(status).toBe(0);
  expect(text).not.toContain("\u001b");
  expect(text).toMatch(/^p9: build sh -c .*: .*\d+s:[\s\S]* runs \(pid \d+\)\r$/m);
});

test("into a pipe there are plain lines, few of them, and nothing on stdout", async () => {
  const { p9 } = sandbox();
  const { stdout, stderr } = await p9(["watch", "build", "--", "sh", "-c", BUILD], { env: { FORCE_COLOR: "1" } });
  expect(stdout).toBe("");
  expect(stderr).not.toContain("\u001b");
  expect(stderr.split("\n").filter((line) => line.includes(" runs (pid ")).length).toBeLessThanOrEqual(2);
});
