import type { QueueContext } from "../queue-context.ts";
import { importRelation } from "./import-graph.ts";
import { type Inferred, type IsolationPolicy, inferTier, type Work } from "./tier.ts";

type OneWork = Pick<Work, "item" | "tier"> & { readonly files?: readonly string[]; readonly discovered?: boolean };

/** The tier of a piece of work by its own text and files: enough to tell what is blocked, and to offer it. */
export function bareTier({ item, files = [], tier, discovered }: OneWork, policy: IsolationPolicy): Inferred {
  return inferTier({ item, files, changed: [], related: null, tier, found: discovered }, policy);
}

/** The tier of a piece of work, with the changes of the pull request: for the item that is handed out. */
export async function tierOf(
  work: OneWork,
  { root, changes, isolation }: Pick<QueueContext, "root" | "changes" | "isolation">,
): Promise<Inferred> {
  const bare = bareTier(work, isolation);
  if (bare.tier === "blocked" || bare.kind === "research") return bare;
  const { item, files = [], tier, discovered: found } = work;
  const changed = await changes.files().catch(() => []);
  const related = root === null ? null : importRelation(root, files, changed);
  return inferTier({ item, files, changed, related, tier, found }, isolation);
}
