import type { Check, Suite } from "../checks.ts";
import type { EnvironmentPlan } from "./plan.ts";

/** Seconds after a job appeared at which its environment lets it go, unless somebody approves it before; `null` = never. */
export function releaseOf(environment: EnvironmentPlan): number | null {
  if (environment.released !== undefined) return environment.released;
  const asked = environment.customRule !== undefined || (environment.reviewers ?? []).length > 0;
  return asked ? null : (environment.waitTimer ?? 0) * 60;
}

/** Jobs of a run that wait for an environment now, one for each environment. */
export function waitingFor(suite: Suite, now: number): { environment: EnvironmentPlan; checks: Check[] }[] {
  const found = new Map<string, { environment: EnvironmentPlan; checks: Check[] }>();
  for (const check of suite.latest(now)) {
    const { environment } = check.plan;
    if (!environment || check.at(now).status !== "WAITING") continue;
    const entry = found.get(environment.name) ?? { environment, checks: [] };
    entry.checks.push(check);
    found.set(environment.name, entry);
  }
  return [...found.values()];
}
