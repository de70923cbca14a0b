import { askGit, type GitPlace } from "../../../../src/plugin.ts";

/** How a commit stands to another; `unknown` when this clone does not have both. */
export type Relation =
  | { readonly is: "older"; readonly behind: number }
  | { readonly is: "newer" | "unrelated" | "unknown" };

/** Whether `served` is an ancestor of `wanted` (and how far behind) or a descendant, as far as the clone in `cwd` knows. */
export async function relation(served: string, wanted: string, context: GitPlace): Promise<Relation> {
  if (![served, wanted].every((one) => /^[0-9a-f]{7,40}$/i.test(one))) return { is: "unknown" };
  const known = await askGit(context, ["rev-parse", "--verify", "--quiet", `${served}^{commit}`, "--"]);
  if (known === null) return { is: "unknown" };
  const behind = await askGit(context, ["rev-list", "--count", `${served}..${wanted}`, "--"]);
  const ahead = await askGit(context, ["rev-list", "--count", `${wanted}..${served}`, "--"]);
  if (behind === null || ahead === null) return { is: "unknown" };
  const [behindBy, aheadBy] = [Number(behind), Number(ahead)];
  if (aheadBy === 0) return { is: "older", behind: behindBy };
  return { is: behindBy === 0 ? "newer" : "unrelated" };
}
