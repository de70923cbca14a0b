import type { QueueContext } from "../queue-context.ts";
import type { SourceProblem } from "./ask-source.ts";
import { type ItemStatus, listItems } from "./availability.ts";
import { batches, whyOf } from "./batches.ts";
import { type PublicItem, publicItem } from "./pop.ts";
import { sourceRank } from "./source-rank.ts";

/** A row of `wait-queue list`; `offered` and without an id while only a source has it. */
export interface OverviewItem extends Omit<PublicItem, "id"> {
  readonly id: string | null;
  readonly status: ItemStatus | "offered";
  /** The session that has it leased, or null. */
  readonly held_by: string | null;
}

/** What {@link overview} found. */
export interface Overview {
  readonly items: readonly OverviewItem[];
  /** How many items only other sessions see. */
  readonly others: number;
  readonly problems: readonly SourceProblem[];
}

/** Lists the queue, and with `discover` what every source offers besides. Takes nothing. */
export async function overview(
  context: QueueContext,
  options: { readonly all?: boolean; readonly discover?: boolean },
): Promise<Overview> {
  const { listed, others } = listItems(context, options.all ? null : context.family);
  const items: OverviewItem[] = listed.map(({ item, status, afterText }) => {
    const leased = status === "leased" ? item : { ...item, lease: null };
    const tier = status === "blocked" ? "blocked" : item.isolation_tier;
    return { ...publicItem(leased, tier, whyOf(item, afterText)), status, held_by: leased.lease?.session_id ?? null };
  });
  items.sort((a, b) => sourceRank(a.source) - sourceRank(b.source));
  if (!options.discover) return { items, others, problems: [] };
  const problems: SourceProblem[] = [];
  const offered: OverviewItem[] = [];
  for await (const { candidates, found } of batches(context, listed, { every: true })) {
    problems.push(...found.problems);
    for (const { candidate, why } of candidates) {
      if (!candidate.draft || !context.queue.isFree(candidate.draft)) continue;
      const { source, item, session_id, isolation_tier, pr, repo, files, minutes, created_at } = candidate.draft;
      offered.push({
        id: null,
        source,
        item,
        created_at: created_at ?? "",
        pr: pr ?? null,
        isolation_tier,
        session_id,
        repo: repo ?? null,
        files: files ?? [],
        minutes: minutes ?? null,
        lease_until: null,
        why,
        status: "offered",
        held_by: null,
      });
    }
  }
  return { items: [...items, ...offered], others, problems };
}
