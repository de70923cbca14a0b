import { expect, test } from "vitest";
import { reportText } from "../../../../src/cli/commands/status/report-text.ts";
import { paint } from "../../../../src/cli/show/styled.ts";
import { terminationReport } from "../../../../src/inbox/report.ts";
import { View } from "../../../../src/store/fold.ts";
import { MINUTE, MORNING, row } from "../../../stats/sample.ts";

function text(state: "GREEN" | "RED_UNCLASSIFIED", extra: Record<string, string | number | object[]>, color = false) {
  const view = new View();
  view.apply(row("w1", MORNING, "WATCHING", state, { extra: extra as never }));
  const wait = view.waits.get("w1")!;
  const lines = reportText(wait, terminationReport(wait), { columns: null, now: MORNING + 5 * MINUTE });
  return lines.map((parts) => paint(parts, { color, links: false, clean: (part) => part })).join("\n");
}

test("an ending at a terminal names target, age, length, reason, evidence and the next step", () => {
  const evidence = [1, 2, 3, 4].map((line) => ({ file: "src/a.ts", line, text: "unused variable" }));
  expect(
    text("RED_UNCLASSIFIED", { reason: "lint failed", active_used: 140, evidence, outcome: "failed" }).split("\n"),
  ).toEqual([
    "RED_UNCLASSIFIED  PR #42 (o/r)  5m ago, after 2m 20s",
    "                  lint failed",
    "                  | src/a.ts:1: unused variable",
    "                  | src/a.ts:2: unused variable",
    "                  | src/a.ts:3: unused variable",
    "                  | and 1 more (--json)",
    expect.stringMatching(/^ {18}next: \S/),
  ]);
});

test("what several jobs of a matrix say of one place stands there once", () => {
  const evidence = ["node 20", "node 22"].map((job) => ({ job, file: "src/a.ts", line: 3, text: "unused variable" }));
  expect(text("RED_UNCLASSIFIED", { reason: "lint failed", evidence }).match(/unused variable/g)).toHaveLength(1);
});

test("a report holds the lines of the evidence once", () => {
  const view = new View();
  const evidence = [{ job: "lint", text: "unused variable" }];
  const classification = { failure_type: "lint", evidence };
  view.apply(row("w1", MORNING, "WATCHING", "RED_UNCLASSIFIED", { extra: { evidence, classification } as never }));
  const report = terminationReport(view.waits.get("w1")!);
  expect(report).toMatchObject({ evidence, classification: { failure_type: "lint" } });
  expect(JSON.stringify(report).match(/unused variable/g)).toHaveLength(1);
});

test("colour is for the state only, and outside text cannot bring its own", () => {
  const shown = text("GREEN", { reason: "ok \u001b[31mred\u001b[0m\u0007" }, true);
  expect(shown.startsWith("\u001b[32mGREEN")).toBe(true);
  expect(shown.slice(shown.indexOf("PR #42"))).not.toMatch(/[\u0007\u001b]/);
});
