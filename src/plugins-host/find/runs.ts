import type { LoadedPolicy } from "../../config/load.ts";
import type { RunsContext, TrustSubject } from "../../contract/context.ts";
import { errorText } from "../../core/errors.ts";
import type { GitHub } from "../../github/client.ts";
import { trustedAt } from "../../trust/trust.ts";
import { makePluginContext } from "../context.ts";
import { allQueueSources, allWaitKinds } from "./resolve.ts";
import type { PluginScope } from "./scope.ts";

/** A repository as the parts of p9 are asked about it. */
export interface AskedRepository {
  readonly root: string;
  readonly policy: Pick<LoadedPolicy, "ci_watch">;
}

const refuse = () => Promise.reject(new Error("Nothing is asked of GitHub to learn what would be run"));
const NO_GITHUB: GitHub = { graphql: refuse, rest: refuse, repository: refuse };

/**
 * What the wait kinds and queue sources in `scope` would run or send because the repository names it. Reports a part that cannot
 * answer to the scope and goes on with the others.
 */
export async function partSubjects(
  scope: PluginScope,
  { root, policy }: AskedRepository,
): Promise<readonly TrustSubject[]> {
  const parts = [...(await allWaitKinds(scope)), ...(await allQueueSources(scope))];
  const lists = await Promise.all(
    parts.map(async (part) => {
      const base = makePluginContext({
        ...scope,
        plugin: part.name,
        github: NO_GITHUB,
        config: policy.ci_watch,
        trusted: trustedAt(scope),
      });
      const context: RunsContext = { ...base, root };
      try {
        return (await part.runs?.(context)) ?? [];
      } catch (error) {
        scope.report?.({ plugin: part.name, message: `Cannot say what it would run: ${errorText(error)}` });
        return [];
      }
    }),
  );
  return lists.flat();
}
