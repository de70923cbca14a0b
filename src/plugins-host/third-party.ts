import type { Notifier, QueueSource, WaitKind } from "../plugin.ts";
import type { PluginScope } from "./resolve.ts";

/** Wait kinds of the plugins configured in `scope`; with `name`, only the one called so. */
export async function thirdPartyWaitKinds(_scope: PluginScope, _name?: string): Promise<readonly WaitKind[]> {
  return [];
}

/** Queue sources of the plugins configured in `scope`; with `name`, only the one called so. */
export async function thirdPartySources(_scope: PluginScope, _name?: string): Promise<readonly QueueSource[]> {
  return [];
}

/** Notifiers of the plugins configured in `scope`; with `name`, only the one called so. */
export async function thirdPartyNotifiers(_scope: PluginScope, _name?: string): Promise<readonly Notifier[]> {
  return [];
}
