import { onTestFinished } from "vitest";
import { type PrLab, prLab } from "../../pr-lab.ts";

/** A step of a job: its name, when it began (seconds after the push), what it wrote, and how it ended. */
export type PlannedStep = readonly [name: string, starts: number, lines: readonly string[], conclusion?: string];

/** GitHub with pull request 42 of `octo/app`, and a user whose p9 talks to it. */
export async function jobsLab() {
  const lab: PrLab = await prLab();
  onTestFinished(() => lab.github.stop());
  const pull = lab.repo.pull(42);
  const { head } = pull;
  /** A line of a job's log, as GitHub writes it. */
  const line = (second: number, text: string) =>
    `${new Date(head.pushedAt + second * 1000).toISOString().replace("Z", "4567Z")} ${text}`;
  /** Adds a job of GitHub Actions that has ended, with the log that its steps wrote. */
  const job = (name: string, conclusion: string, steps: readonly PlannedStep[], more: object = {}) => {
    const log = steps.flatMap(([, starts, lines]) => lines.map((text) => line(starts, text))).join("\n");
    const plans = steps.map(([step, starts, , how], index) => {
      const ends = steps[index + 1]?.[1] ?? starts + 1;
      return { name: step, starts, ends, conclusion: how ?? "SUCCESS" };
    });
    head.checks({ name, starts: -60, ends: -1, conclusion, steps: plans, log, ...more });
  };
  const logs = (...args: string[]) => lab.box.p9(["logs", ...args], { env: lab.env });
  const open = (...args: string[]) => lab.box.p9(["open", ...args], { env: lab.env });
  const json = async (...args: string[]) => {
    const { stdout } = await logs(...args, "--json");
    return (JSON.parse(stdout) as { jobs: readonly ShownJob[] }).jobs;
  };
  return { ...lab, pull, head, line, job, logs, open, json };
}

/** An entry of the document. */
export interface ShownJob {
  readonly job: string;
  readonly step: string;
  readonly url: string;
  readonly lines: readonly string[];
}

/** What the steps of a job write that fails in a test. */
export const FAILED_TEST: readonly PlannedStep[] = [
  ["Set up job", -50, ["Current runner version: '2.319.1'", "##[group]Operating System", "Ubuntu", "##[endgroup]"]],
  ["Check out", -48, ["##[group]Run actions/checkout@v4", "with:", "##[endgroup]", "Syncing repository"]],
  [
    "Unit tests",
    -40,
    [
      "##[group]Run npm test",
      "npm test",
      "shell: /usr/bin/bash -e {0}",
      "##[endgroup]",
      "PASS src/b.test.ts",
      "src/a.ts(12,5): error TS2322: Type 'string' is not assignable to type 'number'.",
      "##[error]Process completed with exit code 2.",
    ],
    "FAILURE",
  ],
  ["Post Check out", -30, ["Post job cleanup.", "git version 2.40"]],
  ["Complete job", -29, ["Cleaning up orphan processes"]],
];
