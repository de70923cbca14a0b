import type { Check } from "../checks.ts";
import { isoOrNull } from "../clock.ts";
import type { AnnotationPlan, StepPlan } from "../plan.ts";

/** One annotation of a check run. */
export function viewAnnotation(plan: AnnotationPlan) {
  const position = { line: plan.line, column: 1 };
  return {
    path: plan.path,
    message: plan.message,
    title: plan.title ?? null,
    annotationLevel: (plan.level ?? "failure").toUpperCase(),
    location: { start: position, end: { ...position, line: plan.endLine ?? plan.line } },
    rawDetails: null,
    blobUrl: `https://github.com/blob/${plan.path}#L${plan.line}`,
  };
}

/** One step of a job. */
export function viewStep(plan: StepPlan, check: Check, now: number) {
  const { status, conclusion, startedAt, completedAt } = check.at(now);
  return {
    name: plan.name,
    number: (check.plan.steps ?? []).indexOf(plan) + 1,
    status,
    conclusion: conclusion === null ? null : (plan.conclusion ?? conclusion),
    startedAt: isoOrNull(startedAt),
    completedAt: isoOrNull(completedAt),
  };
}
