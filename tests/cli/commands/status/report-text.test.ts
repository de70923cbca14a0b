import { expect, test } from "vitest";
import { reportText } from "../../../../src/cli/commands/status/report-text.ts";
import { paint } from "../../../../src/cli/show/styled.ts";
import type { Transition } from "../../../../src/core/events.ts";
import type { State } from "../../../../src/core/states.ts";
import { reportLine, terminationReport } from "../../../../src/inbox/report.ts";
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

/** The line of a wait whose last row this is. */
function line(from: State, to: State, more: Partial<Transition>): string {
  const view = new View();
  view.apply(row("w1", MORNING, from, to, more));
  const wait = view.waits.get("w1")!;
  return reportLine(wait, terminationReport(wait));
}

test("a mark that was taken back is no success", () => {
  const extra = {
    outcome: "succeeded",
    reason: "The mark MERGE_READY was taken back: changes are requested",
    active_used: 140,
    next: "p9 why 42",
  };
  const sha = "0123456789abcdef0123456789abcdef01234567";
  expect(line("MERGE_READY", "GREEN", { sha, extra })).toBe(
    "p9: ✗ PR #42 is not ready to merge at 0123456: The mark MERGE_READY was taken back: changes are requested; next: p9 why 42",
  );
  expect(line("WATCHING", "GREEN", { sha, extra })).toMatch(/^p9: ✓ PR #42 succeeded in 2m 20s at 0123456/);
});

test("that the pull request was merged is said of that, and no success of the wait for its reviews", () => {
  const traits = { noun: "review of PR" };
  const merged = { outcome: "merged", reason: "The pull request was merged", traits };
  expect(line("WATCHING", "MERGED", { kind: "review", extra: merged })).toBe(
    "p9: review of PR #42 ended: The pull request was merged",
  );
  expect(line("WATCHING", "MERGED", { extra: { outcome: "merged", reason: "#42 was merged" } })).toBe(
    "p9: ✓ PR #42 was merged",
  );
});
