import { createHash } from "node:crypto";
import type { Pin, WaitRequest } from "../../contract/wait-kind.ts";

/**
 * The pin of a third party's wait that is registered without running its code (a hook has no time for it): the whole request, so
 * that the watcher can bind it.
 */
export function deferredPin(kind: string, { ref, argv, options, pushed }: WaitRequest, cwd: string): Pin {
  const asked = JSON.stringify([kind, ref, argv, options, pushed?.sha ?? null, cwd]);
  return {
    ref: ref ?? pushed?.branch ?? kind,
    key: `asked:${createHash("sha256").update(asked).digest("hex").slice(0, 16)}`,
    sha: pushed?.sha ?? null,
    identity: pushed ? { ref, branch: pushed.branch } : { ref },
    complete: false,
    note: "The watcher asks the plugin what this is",
  };
}
