// needs: script, gh, time
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { widthOf } from "../../../src/cli/show/text-width.ts";
import { onTerminal, plainText } from "../../helpers/terminal.ts";
import { type PrLab, prLab } from "../pr-lab.ts";

let lab: PrLab;
beforeEach(async () => {
  lab = await prLab();
});
afterEach(() => lab.github.stop());

const GHOSTTY = { TERM_PROGRAM: "ghostty", TERM_PROGRAM_VERSION: "1.2.3" };
const LOG =
  "src/a.ts\n  3:7  error  'x' is assigned a value but never used  no-unused-vars\n\n✖ 1 problem (1 error, 0 warnings)\n";
const show = (line: string, options: Parameters<typeof onTerminal>[2] = {}) =>
  onTerminal(lab.box, line, { ...options, env: { ...lab.env, ...options.env } });

/** Every command that has words for a person and a document for programs without `--json`, and how each begins. */
describe.each([
  ["heal 42 --classify", /^PR #42 \(octo\/app\) {2}lint {2}p9 knows it/, "failure_type"],
  ["wait-queue pop --no-discover", /^Document the retry option\n {2}from session; /, "isolation_tier"],
])("p9 %s", (line, words, field) => {
  beforeEach(async () => {
    lab.repo.pull(42).head.run({ workflow: "CI", jobs: [{ name: "lint", conclusion: "FAILURE", log: LOG }] });
    // One for each of the forms.
    for (const item of ["Document the retry option", "two", "three"])
      await lab.box.p9(["wait-queue", "push", "--item", item], { env: lab.env });
  });

  test.each(["node", "deno"] as const)("says it in words on a terminal, on %s", async (runtime) => {
    const { text, code } = await show(line, { runtime });
    expect([plainText(text), code]).toEqual([expect.stringMatching(words), 0]);
  });

  test("gives its document in a pipe, with --json, and to an agent on a terminal", async () => {
    const forms = [
      (await lab.box.p9(line.split(" "), { env: lab.env })).stdout,
      (await show(`${line} --json`)).text,
      (await show(line, { env: { CLAUDECODE: "1" } })).text,
    ];
    for (const text of forms) expect(JSON.parse(text)).toHaveProperty(field);
  });
});

describe("on a terminal", () => {
  beforeEach(async () => {
    lab.policy("", 1);
    lab.repo.pull(42, { title: "修复解析器" }).head.checks({ name: "修复解析器的错误", conclusion: "FAILURE" });
    lab.repo.pull(43).head.checks({ name: "build", ends: null });
    lab.repo.pull(44).head.checks({ name: "e2e", ends: null });
    await lab.box.p9(["watch", "42", "--interval", "0.5"], { env: lab.env });
    await lab.box.p9(["watch", "43", "44", "--background"], { env: lab.env });
  });

  test.each([40, 80, 200])("status, report, why and doctor fit %d columns, and cut nothing", async (columns) => {
    for (const line of ["status", "report", "why 42", "doctor"]) {
      const { text } = await show(line, { columns });
      const lines = plainText(text).split("\n").filter(Boolean);
      const [head, ...rest] = lines;
      // The title of a pull request is one line of its own, which the terminal breaks.
      for (const one of line === "why 42" ? rest : [head ?? "", ...rest])
        expect([one, widthOf(one) <= columns]).toEqual([one, true]);
      if (line === "status")
        expect(lines.map((one) => one.trim()).join(" ")).toContain(
          "holds the only slot (ci_watch.max_concurrent_prs: 1)",
        );
    }
  });

  test("colours follow NO_COLOR, FORCE_COLOR and TERM, and pipes have none", async () => {
    expect((await show("status")).text).toContain("\u001b[31mRED_");
    const without: Record<string, string>[] = [{ NO_COLOR: "1" }, { TERM: "dumb" }, { FORCE_COLOR: "0" }];
    for (const env of without) expect((await show("status", { env })).text).not.toContain("\u001b");
    const piped = await lab.box.p9(["status"], { env: { ...lab.env, NO_COLOR: undefined } });
    expect(piped.stdout).not.toContain("\u001b");
    const forced = await lab.box.p9(["status"], { env: { ...lab.env, NO_COLOR: undefined, FORCE_COLOR: "1" } });
    expect(forced.stdout).toContain("\u001b[31mRED_");
    expect(forced.stdout).not.toContain("\u001b]8");
  });

  test("pull requests are links where the terminal knows them, and nowhere else", async () => {
    const link = "\u001b]8;;https://github.com/octo/app/pull/42\u001b\\PR #42 (octo/app)\u001b]8;;\u001b\\";
    expect((await show("status", { env: GHOSTTY })).text).toContain(link);
    const without: Record<string, string>[] = [{}, { ...GHOSTTY, NO_COLOR: "1" }, { TERM_PROGRAM: "Apple_Terminal" }];
    for (const env of without) expect((await show("status", { env })).text).not.toContain("\u001b]8");
  });
});

describe("a foreground watch", () => {
  const BAR = "\u001b]9;4;";
  const OVER = `${BAR}0;\u001b\\`;
  beforeEach(() => {
    lab.repo.pull(42).head.checks("lint", { name: "build", ends: null });
    lab.repo.pull(43).head.checks({ name: "e2e", ends: null });
  });

  test.each(["node", "deno"] as const)(
    "shows its progress in the terminal's own bar, and takes it away on Ctrl-C, on %s",
    async (runtime) => {
      const { text, code } = await show("watch 42 --interval 0.5", {
        runtime,
        env: GHOSTTY,
        type: { after: /9;4;1;50/, keys: "\u0003" },
      });
      expect(code).toBe(14);
      expect(text.lastIndexOf(BAR)).toBe(text.indexOf(OVER));
      expect(plainText(text)).toMatch(
        /p9: PR #42 was stopped.*\n {2}next: .*--background; it keeps watching without a\s+terminal/,
      );
    },
  );

  test("draws a line for each of several, above which their ends are told", async () => {
    const { text, code } = await show("watch 42 43 --interval 0.5", {
      type: { after: /PR #42[\s\S]*\n[^\n]*PR #43[^\n]*e2e/, keys: "\u0003" },
    });
    expect(code).toBe(14);
    expect(text).not.toContain(BAR);
    const told = plainText(text)
      .split("\n")
      .filter((line) => /p9: PR #4[23] was stopped/.test(line));
    expect(told).toHaveLength(2);
  });
});

test("p9 stats --html says on a terminal where the page is and what it comes to, and the whole text in a pipe", async () => {
  lab.repo.pull(42).head.checks("build");
  await lab.box.p9(["watch", "42", "--interval", "0.5"], { env: lab.env });
  const { text } = await show("stats --html page.html");
  expect(plainText(text).trim().split("\n")).toHaveLength(3);
  expect(text).toMatch(/p9: wrote \/.*page\.html/);
  expect((await lab.box.p9(["stats", "--html", "page.html"], { env: lab.env })).stdout).toContain("By repository");
});
