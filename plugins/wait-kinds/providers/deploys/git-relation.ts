import type { PluginContext } from "../../../../src/plugin.ts";

/** How a commit stands to another; `unknown` when this clone does not have both. */
export type Relation =
  | { readonly is: "older"; readonly behind: number }
  | { readonly is: "newer" | "unrelated" | "unknown" };

/** Whether `served` is an ancestor of `wanted` (and how far behind) or a descendant, as far as the clone in `cwd` knows. */
export async function relation(
  served: string,
  wanted: string,
  context: Pick<PluginContext, "exec" | "cwd" | "env" | "signal">,
): Promise<Relation> {
  if (![served, wanted].every((one) => /^[0-9a-f]{7,40}$/i.test(one))) return { is: "unknown" };
  const git = async (...args: string[]) => {
    const { cwd, env, signal } = context;
    return context.exec(["git", ...args], { cwd, env, signal, timeoutMs: 10_000 });
  };
  const known = await git("rev-parse", "--verify", "--quiet", `${served}^{commit}`, "--");
  if (known.code !== 0) return { is: "unknown" };
  const behind = await git("rev-list", "--count", `${served}..${wanted}`, "--");
  const ahead = await git("rev-list", "--count", `${wanted}..${served}`, "--");
  if (behind.code !== 0 || ahead.code !== 0) return { is: "unknown" };
  const [behindBy, aheadBy] = [Number(behind.stdout.trim()), Number(ahead.stdout.trim())];
  if (aheadBy === 0) return { is: "older", behind: behindBy };
  return { is: behindBy === 0 ? "newer" : "unrelated" };
}
