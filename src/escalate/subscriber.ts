import type { Env } from "../contract/context.ts";
import type { P9Event, Transition } from "../core/events.ts";
import { hasChecks } from "../core/traits.ts";
import type { Store } from "../store/store.ts";

/**
 * Escalates when a background watcher's pull request has failed in a way that p9 does not repair, and the policy names a channel.
 * Runs after the commit, so that the report is out first.
 */
export async function escalateTransition(event: P9Event, store: Store, env: Env, now: () => number): Promise<void> {
  if (event.type !== "transition" || !calls(event)) return;
  const { loadPolicy } = await import("../config/load.ts");
  const policy = await loadPolicy({ env, cwd: event.extra.cwd ?? "/", home: store.home });
  if (
    policy.path === null ||
    policy.problems.length > 0 ||
    !policy.ci_heal.enabled ||
    !policy.ci_heal.escalation_channel
  )
    return;
  const wait = store.read().waits.get(event.wait_id);
  if (wait?.state !== "RED_UNCLASSIFIED") return;
  const { escalate, UNCLASSIFIED } = await import("./escalate.ts");
  await escalate(wait, UNCLASSIFIED, policy, { store, env, now });
}

/**
 * Whether a row asks for an escalation: a `failed` pull request of a background watcher. A heal that gives its wait back decides
 * itself.
 */
function calls(row: Transition): boolean {
  const { to_state, from_state, extra } = row;
  return (
    hasChecks(row) &&
    to_state === "RED_UNCLASSIFIED" &&
    from_state === "WATCHING" &&
    extra.outcome === "failed" &&
    extra.mode !== "foreground"
  );
}
