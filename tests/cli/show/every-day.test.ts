// needs: script, time
import { describe, expect, test } from "vitest";
import { foldedParts } from "../../../src/cli/show/styled.ts";
import { eventually, sandbox, untilFile } from "../../helpers/p9.ts";
import { isAlive } from "../../helpers/processes.ts";
import { onTerminal, plainText } from "../../helpers/terminal.ts";

interface Started {
  readonly wait_id: string;
  readonly pid: number;
}

describe("p9 dismiss", () => {
  test("takes the names that are printed, all of one name, and with --ended everything that ended", async () => {
    const box = sandbox();
    for (const code of ["2", "3"]) {
      box.write("build.sh", `exit ${code}`);
      await box.p9(["watch", "build", "--", "sh", "build.sh"]);
    }
    await box.p9(["watch", "build", "--", "sh", "-c", "exit 4"]);
    const { stdout } = await box.p9(["dismiss", "build sh build.sh"]);
    expect(stdout.trim().split("\n")).toEqual(Array(2).fill("build sh build.sh left the status"));
    expect((await box.p9(["status"])).stdout.match(/RED_/g)).toHaveLength(1);
    expect((await box.p9(["dismiss", "--ended"])).stdout).toBe("build sh -c exit 4 left the status\n");
    expect((await box.p9(["dismiss", "--ended"])).stdout).toBe("no ended wait stands in the status\n");
    expect((await box.p9(["dismiss"])).code).toBe(3);
  });
});

describe("p9 attach", () => {
  test("follows several to their ends, the worst of which is its code, and the only one that runs without a name", async () => {
    const box = sandbox();
    const start = (name: string, code: number) =>
      box.json<Started>(["watch", "build", name, "--background", "--", "sh", "-c", `${untilFile(name)}; exit ${code}`]);
    const [one, two] = [await start("one", 0), await start("two", 5)];
    const both = box.start(["attach", one.wait_id, two.wait_id]);
    box.write("one", "");
    await both.until(/build one succeeded/);
    const alone = box.start(["attach"]);
    await alone.until(/build two/);
    box.write("two", "");
    expect([(await both.ended).code, (await alone.ended).code]).toEqual([10, 10]);
  });
});

test("p9 status and p9 rearm say the same of a watcher that has just died", async () => {
  const box = sandbox();
  const { pid } = await box.json<Started>(["watch", "build", "--background", "--", "sleep", "60"]);
  process.kill(pid, "SIGKILL");
  await eventually("the watcher is dead", () => !isAlive(pid));
  const words = "its watcher died: it gets another after 2m (p9 rearm --now: at once)";
  expect((await box.p9(["status", "--no-reap"])).stdout).toContain(words);
  expect((await box.p9(["rearm"])).stdout).toContain(words);
});

test("the queue's list says who has taken an item, and until when", async () => {
  const box = sandbox();
  const env = { BROOMVA_P9_SESSION: "s-one" };
  await box.p9(["wait-queue", "push", "--item", "Write the manual"], { env });
  await box.p9(["wait-queue", "pop", "--no-discover"], { env });
  expect((await box.p9(["wait-queue", "list"], { env })).stdout).toMatch(
    /Write the manual \(taken by session s-one until [\d:-]+.* local time, in \d/,
  );
});

describe("on a terminal", () => {
  test("what happened comes first, its log next, and what is to be done last; no line is broken within a word", async () => {
    const box = sandbox();
    const words =
      "a rather long sentence about what went wrong in the middle of it, of which no word is to be cut in two";
    const { text, code } = await onTerminal(box, `watch build -- sh -c "echo '${words}'; exit 3"`, { columns: 50 });
    expect(code).toBe(10);
    const told = plainText(text);
    const lines = told.slice(told.indexOf("p9: ✗")).trimEnd().split("\n");
    expect(lines[0]).toMatch(/^p9: ✗ build sh -c/);
    expect(lines.at(-1)).toMatch(/next: |Repair what the log shows/);
    expect(lines.findIndex((line) => line.includes("next: "))).toBeGreaterThan(
      lines.findIndex((line) => line.includes("| a rather")),
    );
    for (const line of lines) expect([line, line.length <= 50]).toEqual([line, true]);
    const all = new Set(words.split(" "));
    const said = lines
      .filter((line) => !line.includes("log: "))
      .join(" ")
      .split(/\s+/);
    for (const word of all) expect(said).toContain(word);
  });

  test.each(["init --dry-run", "uninstall --dry-run", "plugin list", "trust", "stuck-scan", "wait-queue list"])(
    "p9 %s breaks its lines at their spaces, and a pipe gets them whole",
    async (line) => {
      const box = sandbox();
      const { text } = await onTerminal(box, line, { columns: 60 });
      const piped = await box.p9(line.split(" "));
      const words = (all: string) => all.split(/\s+/).filter(Boolean);
      expect(words(plainText(text))).toEqual(words(piped.stdout + piped.stderr));
      for (const one of plainText(text).split("\n")) expect([one, one.length <= 60]).toEqual([one, true]);
    },
  );

  test("a pipe gets the same lines whole", async () => {
    const box = sandbox();
    const { stderr } = await box.p9(["watch", "build", "--", "sh", "-c", `echo ${"word ".repeat(60)}; exit 3`]);
    expect(stderr.split("\n").filter((line) => line.startsWith("p9: ✗"))).toHaveLength(1);
  });

  test("the line of a build that runs shows what it wrote last", async () => {
    const box = sandbox();
    const { text } = await onTerminal(box, `watch build -- sh -c 'echo linking part seven; ${untilFile("never")}'`, {
      columns: 120,
      type: { after: /linking part seven(?!; until)/, keys: "\u0003" },
    });
    expect(plainText(text)).toMatch(/s {2}build sh -c .*: linking part seven/);
  });

  test("p9 heal --explain says in words which rules decided", async () => {
    const box = sandbox();
    box.write("log", "src/a.ts\n  3:7  error  'x' is assigned a value but never used  no-unused-vars\n\n✖ 1 problem\n");
    const { text } = await onTerminal(box, "heal --classify --log-file log --explain");
    expect(plainText(text)).toMatch(/^lint {2}p9 knows it/);
    expect(plainText(text)).toMatch(/the log {2}lint at 0\.\d\d, decided by /);
    expect(plainText(text)).toMatch(/^ {4}[\w-]+ 0\.\d\d, line \d+.*: /m);
    expect(await box.json(["heal", "--classify", "--log-file", "log", "--explain"])).toHaveProperty("explain");
    expect((await box.p9(["heal", "--classify", "--log-file", "nowhere"])).code).toBe(3);
  });
});

test("a folded line keeps all its words and the looks of its parts", () => {
  const lines = foldedParts(["p9: ", { text: "one two three", tone: "red" }, " four five six"], 12);
  expect(lines.map((line) => line.map((part) => (typeof part === "string" ? part : part.text)).join(""))).toEqual([
    "p9: one two",
    "  three four",
    "  five six",
  ]);
  expect(lines[1]).toContainEqual({ text: "three", tone: "red" });
});
