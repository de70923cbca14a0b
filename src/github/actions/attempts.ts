import { orWithheld, restList } from "../answer/rest-list.ts";
import { hasPassed } from "../checks.ts";
import type { GitHub } from "../client.ts";
import type { Check } from "../pull-request.ts";
import { numberAt } from "../read.ts";

/**
 * Adds the attempt to checks that share run and name, to tell a re-run from two jobs of one name. Makes one request for each such run,
 * none when all of them passed. An attempt that this login may not read stays null, and each check then counts.
 */
export async function withAttempts(github: GitHub, repo: string, checks: readonly Check[]): Promise<readonly Check[]> {
  const runs = [
    ...new Set(checks.flatMap((check) => (isTwin(check, checks) && check.run !== null ? [check.run] : []))),
  ];
  if (runs.length === 0) return checks;
  const attempts = new Map<number, number>();
  for (const run of runs) {
    const jobs = await orWithheld(
      restList(github, `repos/${repo}/actions/runs/${run}/jobs?filter=all&per_page=100`, "jobs"),
    );
    for (const job of jobs ?? []) {
      const [id, attempt] = [numberAt(job, "id"), numberAt(job, "run_attempt")];
      if (id !== null && attempt !== null) attempts.set(id, Math.max(attempt, attempts.get(id) ?? 0));
    }
  }
  return checks.map((check) =>
    check.kind === "check" ? { ...check, attempt: attempts.get(check.id) ?? null } : check,
  );
}

function isTwin(check: Check, checks: readonly Check[]): boolean {
  if (check.kind !== "check" || hasPassed(check.state)) return false;
  const same = (other: Check) => other.kind === "check" && other.run === check.run && other.name === check.name;
  return checks.some((other) => other !== check && same(other));
}
