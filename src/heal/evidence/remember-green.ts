import { isObject } from "../../base/json.ts";
import type { Transition } from "../../core/events.ts";
import { sameRepo } from "../../core/repo.ts";
import type { Paths } from "../../store/paths.ts";
import { readLedger, record } from "./ledger.ts";

/** Records in the ledger that jobs of this very commit failed before and pass now, when its pull request turns green. */
export async function rememberGreen(row: Transition, paths: Paths, now: number): Promise<void> {
  const { repo, sha, extra } = row;
  if (repo === null || sha === null) return;
  const failed = readLedger(paths).filter(
    (entry) => entry.outcome === "failed" && entry.sha === sha && sameRepo(entry.repo, repo),
  );
  const items: readonly unknown[] = Array.isArray(extra.items) ? extra.items : [];
  const passes = (job: string): boolean =>
    items.length === 0 || items.some((item) => isObject(item) && item.name === job && item.state === "succeeded");
  const passed = failed
    .filter(({ job }) => passes(job))
    .map((entry) => ({ ...entry, signature: null, outcome: "passed" as const, duration: null, run: entry.run }));
  await record(
    paths,
    passed.map(({ ts: _ts, ...rest }) => rest),
    now,
  );
}
