import type { JsonObject } from "../../../base/json.ts";
import { sessionFamily } from "../../../core/session.ts";
import type { GitHub } from "../../../github/client.ts";
import { type QueueContext, queueContext } from "../../../queue/queue-context.ts";
import { Queue } from "../../../queue/store/queue.ts";
import type { Context } from "../../program/context.ts";

/** Opens the queue context of a command's session. */
export async function openQueueContext(context: Context, flag?: string): Promise<QueueContext> {
  const { home, env, place: cwd, clock, exec } = context;
  const [store, session, repo, policy] = await Promise.all([
    context.store(),
    context.session(),
    context.repo(flag),
    context.policy(),
  ]);
  for (const problem of policy.problems) context.warn(problem);
  return queueContext({
    home,
    env,
    cwd,
    clock,
    exec,
    session,
    repo,
    store,
    github: lazyGitHub(context),
    isolation: { tiers: policy.ci_watch.isolation_tier_map, governancePaths: policy.ci_watch.blocked_paths },
    config: policy.ci_watch as JsonObject,
    trusted: async (subject, content, command) => {
      const { trustedAt } = await import("../../../trust/trust.ts");
      return trustedAt({ env, cwd, home })(subject, content, command);
    },
  });
}

/** A GitHub client that is loaded on first use: most pops need none. */
function lazyGitHub({ exec, env, clock, home }: Context): GitHub {
  let github: Promise<GitHub> | undefined;
  const open = () => {
    github ??= import("../../../github/client.ts").then(({ createGitHub }) => createGitHub({ exec, env, clock, home }));
    return github;
  };
  return {
    graphql: async (query, variables) => (await open()).graphql(query, variables),
    repository: async (repo, selection) => (await open()).repository(repo, selection),
    rest: async (path, options) => (await open()).rest(path, options),
    now: () => clock.now(),
  };
}

/** Opens the queue and the session only, for commands that need neither policy nor repository. */
export async function openQueue(context: Context) {
  const { home, clock } = context;
  const [store, session] = await Promise.all([context.store(), context.session()]);
  const family = sessionFamily(session, store.read().links);
  return { queue: new Queue(home, { clock }), session, family };
}
