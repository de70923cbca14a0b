import { oneLine } from "../../../base/text.ts";
import type { WaitKind } from "../../../contract/wait-kind.ts";
import { EXIT } from "../../../core/exit-codes.ts";
import { isNobody } from "../../../core/owner.ts";
import type { Wait } from "../../../core/wait.ts";
import type { WatchDeps } from "../../../watch/deps.ts";
import { startWatching } from "../../../watch/owner/start-driver.ts";
import type { Context } from "../../program/context.ts";
import type { Came } from "../../show/reporting.ts";

/** How long to wait for a new watcher's claim, in ms; it is started either way. */
const CLAIM_MS = 3000;

/** Starts the background watcher of a registered wait; resolves with the wait as claimed. */
export async function startWatcher(wait: Wait, kind: WaitKind, deps: WatchDeps): Promise<Wait> {
  const pid = await startWatching(deps, wait, kind);
  const { clock } = deps;
  for (const end = clock.monotonic() + CLAIM_MS; clock.monotonic() < end; ) {
    const now = deps.store.find(wait.wait_id);
    if (now && !isNobody(now.owner) && now.owner.generation >= wait.owner.generation) return now;
    await clock.sleep(20);
  }
  return { ...wait, owner: { ...wait.owner, pid } };
}

/** What `watch --background --json` prints. */
export function backgroundRow({ owner, pr, repo, kind, ref, wait_id, state }: Wait) {
  return { watcher_id: owner.watcher_id, pid: owner.pid, pr, repo, kind, ref, wait_id, state };
}

/** Prints who watches: `watcher_id=… pid=… pr=… repo=…`, for other kinds `kind=… ref=…`. */
export function tellBackground(wait: Wait, context: Context): Came {
  const row = backgroundRow(wait);
  const target = row.pr === null ? `kind=${row.kind} ref=${oneLine(row.ref)}` : `pr=${row.pr} repo=${row.repo ?? ""}`;
  if (!context.json) context.print(`watcher_id=${row.watcher_id} pid=${row.pid} ${target}`);
  if (context.forPeople && row.pr === null) context.warn(`p9 attach ${row.wait_id} follows it`);
  return { code: EXIT.ok, document: row };
}
