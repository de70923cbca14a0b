import { checkRunState, listAt, textAt, timeAt } from "../../../src/github.ts";
import { type LookItem, oneLine, type Progress } from "../../../src/plugin.ts";

/** One item per job: its state, and the step that failed or runs. */
export function itemsOfJobs(jobs: readonly unknown[]): LookItem[] {
  return jobs.map((job) => {
    const step = currentStep(job);
    const [url, startedAt, endedAt] = [textAt(job, "html_url"), timeAt(job, "started_at"), timeAt(job, "completed_at")];
    return {
      name: oneLine(textAt(job, "name") ?? "job", 120),
      state: checkRunState(textAt(job, "status"), textAt(job, "conclusion")),
      detail: oneLine(step ? `step "${step}"` : (textAt(job, "conclusion") ?? textAt(job, "status") ?? ""), 160),
      ...(url ? { url } : {}),
      ...(startedAt === null ? {} : { startedAt }),
      ...(endedAt === null ? {} : { endedAt }),
    };
  });
}

function currentStep(job: unknown): string | null {
  const steps = listAt(job, "steps");
  const state = (step: unknown) => checkRunState(textAt(step, "status"), textAt(step, "conclusion"));
  const step = steps.find((one) => state(one) === "failed") ?? steps.find((one) => state(one) === "running");
  return textAt(step, "name");
}

/** Progress by finished steps; by jobs while there are no steps. */
export function progressOfJobs(jobs: readonly unknown[]): Progress | null {
  const parts = jobs.flatMap((job) => {
    const steps = listAt(job, "steps");
    return steps.length > 0 ? steps : [job];
  });
  if (parts.length === 0) return null;
  const done = parts.filter((part) => textAt(part, "status") === "completed").length;
  const running = jobs.find((job) => textAt(job, "status") === "in_progress");
  return {
    done,
    total: parts.length,
    percent: Math.floor((100 * done) / parts.length),
    phase: textAt(running, "name"),
  };
}
