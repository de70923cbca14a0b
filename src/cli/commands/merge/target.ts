import { UsageError } from "../../../core/errors.ts";
import type { Context } from "../../program/context.ts";
import { type PrTarget, prTarget } from "../../program/pr-target.ts";

/**
 * The pull request that a command is about: what {@link prTarget} reads, or a branch, by default the one that is checked out.
 *
 * @throws {UsageError} or the kind's `RefError` when there is none.
 */
export async function targetOf(
  text: string | undefined,
  flag: string | undefined,
  context: Context,
): Promise<PrTarget> {
  if (text !== undefined && /^\s*#?\d+\s*$|\/pull\/\d+|\/.+#\d+\s*$/.test(text)) return prTarget(text, flag, context);
  const [{ impliedKinds, waitKinds }, { pinRequest }, { watchDeps }] = await Promise.all([
    import("../../../../plugins/wait-kinds/registry.ts"),
    import("../../../watch/register/watch-request.ts"),
    import("../watch/watching.ts"),
  ]);
  const kind = await waitKinds[impliedKinds.pullRequest]();
  const request = { kind, ref: text ?? null, session: "", cwd: context.cwd, repo: await context.repo(flag) };
  const { repo, pr, note } = await pinRequest(request, true, await watchDeps(context));
  if (repo && pr) return { repo, pr };
  throw new UsageError(note ?? "Cannot tell which pull request is meant: wanted its number or address");
}
