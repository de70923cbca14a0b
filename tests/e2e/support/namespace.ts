import { spawnSync } from "node:child_process";

/** Arguments of `unshare` for a network namespace of one's own. */
export const NAMESPACE = process.getuid?.() === 0 ? ["-n"] : ["-r", "-n"];

/** Why no namespace can be made here, or null. */
export function missingForNamespace(): string | null {
  if (process.platform !== "linux") return "network namespaces need Linux";
  const made = spawnSync("unshare", [...NAMESPACE, "ip", "link", "set", "lo", "up"]).status === 0;
  return made ? null : "a network namespace of one's own cannot be made here (unshare, ip)";
}
