import { needsWatcher, type Wait } from "../../core/wait.ts";
import type { WatchDeps } from "../deps.ts";
import { type Liveness, livenessOf } from "./liveness.ts";

/** A wait that needs a watcher (or its healer) and has none that lives. */
export interface Orphan {
  readonly wait: Wait;
  readonly liveness: Liveness;
}

/**
 * Open waits that need a watcher and have none that lives. Looks at processes and files only. `starting`: also those whose watcher
 * was started and has not shown itself yet, because it may have been killed before it could.
 */
export function orphans(
  deps: Pick<WatchDeps, "store" | "processes" | "clock" | "env">,
  { starting = false }: { readonly starting?: boolean } = {},
): readonly Orphan[] {
  return [...deps.store.read().waits.values()]
    .filter((wait) => needsWatcher(wait) || wait.state === "HEALING")
    .map((wait) => ({ wait, liveness: livenessOf(wait, deps) }))
    .filter(({ liveness }) => liveness !== "alive" && (starting || liveness !== "starting"));
}
