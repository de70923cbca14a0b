import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { classify } from "../../../src/heal/classify/classify.ts";
import { NAMINGS } from "../../../src/heal/classify/tests/table.ts";
import { asLog } from "../../e2e/heal/world.ts";
import { ROOT } from "../../helpers/p9.ts";

/** Small logs of test runners in the form of their documentation: `=== id | command | name of the failing test | what it says`. */
const CASES = readFileSync(join(ROOT, "tests", "fixtures", "failures", "runners.txt"), "utf8")
  .split(/^=== (?=[\w-]+ \| )/m)
  .slice(1)
  .map((part) => {
    const [head = "", ...body] = part.split("\n");
    const [id = "", command = "", ...rest] = head.split(" | ");
    const says = rest.at(-1) ?? "";
    return { id, command, name: rest.slice(0, -1).join(" | "), says, lines: body.join("\n").trimEnd().split("\n") };
  });

/** How other CIs write the same output. */
const ELSEWHERE: Readonly<Record<string, (command: string, lines: readonly string[]) => string>> = {
  buildkite: (command, lines) =>
    [`~~~ Running commands`, `$ ${command}`, ...lines, "🚨 Error: The command exited with status 1"]
      .map((line, n) => `\u001b_bk;t=${1_760_000_000_000 + n}\u0007${line}`)
      .join("\n"),
  jenkins: (command, lines) =>
    ["[Pipeline] sh", `+ ${command}`, ...lines, "ERROR: script returned exit code 1", "Finished: FAILURE"]
      .map(
        (line, n) =>
          `08:${String(10 + Math.floor(n / 60)).padStart(2, "0")}:${String(n % 60).padStart(2, "0")} ${line}`,
      )
      .join("\n"),
  gitlab: (command, lines) =>
    [
      'section_start:1760000000:step_script\r\u001b[0K\u001b[0K\u001b[36;1mExecuting "step_script"\u001b[0;m',
      `\u001b[32;1m$ ${command}\u001b[0;m`,
      ...lines,
      "section_end:1760000009:step_script\r\u001b[0K",
      "\u001b[31;1mERROR: Job failed: exit code 1\u001b[0;m",
    ].join("\n"),
  travis: (command, lines) =>
    [
      "travis_fold:start:install",
      "$ pip install .",
      "travis_fold:end:install",
      `$ ${command}`,
      ...lines,
      "",
      `\u001b[31;1mThe command "${command}" exited with 1.\u001b[0m`,
      "",
      "Done. Your build exited with 1.",
    ].join("\n"),
  azure: (command, lines) =>
    [
      "##[section]Starting: Test",
      command,
      ...lines,
      "##[error]Bash exited with code '1'.",
      "##[section]Finishing: Test",
    ]
      .map((line) => `2026-11-20T08:00:00.1234567Z ${line}`)
      .join("\n"),
};

const shown = (log: string): string =>
  classify(log)
    .evidence.map(({ text }) => text)
    .join("\n");

describe("a failing test is shown with its name and what it says", () => {
  test.each(CASES.map((one) => [one.id, one] as const))("%s", (_id, { command, lines, name, says }) => {
    const found = classify(asLog(command, lines, 1));
    const text = found.evidence.map((line) => line.text).join("\n");
    expect(found.failure_type).toBe("test");
    expect(text).toContain(name);
    expect(text).toContain(says);
    expect(found.evidence.length).toBeLessThanOrEqual(20);
  });
});

describe("the same in the logs of other CIs", () => {
  test.each(Object.entries(ELSEWHERE))("%s", (_ci, wrap) => {
    for (const { id, command, lines, name, says } of CASES) {
      const log = wrap(command, lines);
      expect(classify(log).failure_type, id).toBe("test");
      expect(shown(log), id).toContain(name);
      expect(shown(log), id).toContain(says);
      expect(shown(log), id).not.toMatch(/_bk;t=|^\d\d:\d\d:\d\d |section_(?:start|end)/m);
    }
  });
});

describe("each naming", () => {
  test.each(NAMINGS.map((naming) => [`${naming.runner} ${naming.example}`, naming] as const))(
    "%s matches its example",
    (_name, { find, name, example }) => {
      expect(find.some((literal) => example.includes(literal))).toBe(true);
      expect(name.exec(example)?.slice(1).some(Boolean)).toBe(true);
    },
  );
});
