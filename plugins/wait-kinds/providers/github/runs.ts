import { causeWords, numberAt, orWithheld, textAt, whyRunWaits } from "../../../../src/github.ts";
import { type LookContext, oneLine } from "../../../../src/plugin.ts";
import type { GitHubItem } from "./items.ts";

/** Finds the protection rule that deployments wait for: one that asks a human blocks, any other passes by itself. */
export async function withReviewers(
  items: readonly GitHubItem[],
  { github, repo }: LookContext,
): Promise<GitHubItem[]> {
  return Promise.all(
    items.map(async (item): Promise<GitHubItem> => {
      if (item.kind !== "deployment" || item.raw !== "WAITING") return item;
      const environment = item.environment ?? undefined;
      const cause = item.run === null ? null : await whyRunWaits(github, repo ?? "", item.run, "waiting", environment);
      const detail = causeWords(cause ?? { is: "rule", environment: item.environment });
      return { ...item, detail, state: cause?.is === "reviewer" ? "blocked" : "queued" };
    }),
  );
}

/** State of the workflow runs behind deploys that succeeded. */
export interface DeployRuns {
  /** Why the deploy is not over yet. */
  readonly goesOn: string | null;
  /** A note when it was deployed but its run did not end well. */
  readonly note: string | null;
}

/** Reads the runs of deploys, because a deploy is over only with its run: a later job may deploy again, or roll back. */
export async function runsOfDeploys(items: readonly GitHubItem[], { github, repo }: LookContext): Promise<DeployRuns> {
  const runs = [...new Set(items.flatMap(({ run }) => run ?? []))];
  const found = await Promise.all(
    runs.map((run) => orWithheld(github.rest<unknown>(`repos/${repo}/actions/runs/${run}`))),
  );
  const nameOf = (run: unknown) =>
    `the run "${oneLine(textAt(run, "name") ?? String(numberAt(run, "id")), 60)}" that deploys`;
  const going = found.find((run) => run !== null && textAt(run, "status") !== "completed");
  const bad = found.find(
    (run) => run !== null && ["failure", "timed_out", "cancelled"].includes(textAt(run, "conclusion") ?? ""),
  );
  return {
    goesOn: going ? `${nameOf(going)} goes on` : null,
    note: bad ? `It was deployed; ${nameOf(bad)} ended with ${textAt(bad, "conclusion")?.replaceAll("_", " ")}` : null,
  };
}
