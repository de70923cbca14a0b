import { isObject } from "../base/json.ts";
import { logEntryProblem } from "../log-providers/describe/entry.ts";
import { providerProblem } from "../providers/describe/schema.ts";
import type { CiWatch } from "./schema.ts";

const WAITS = { providers: "deploy", index_sync: "index-sync" } as const;

/**
 * Sentences about services of a policy that cannot be used: file, key, and the nearest key. A broken service stops only what
 * needs it.
 */
export function serviceProblems(
  ciWatch: Pick<CiWatch, "providers" | "index_sync" | "log_providers">,
  file: string,
): readonly string[] {
  return (["providers", "index_sync", "log_providers"] as const).flatMap((block) =>
    Object.entries(ciWatch[block]).flatMap(([name, entry]) => {
      const found =
        block === "log_providers" ? logEntryProblem(name, entry) : serviceProblem(name, entry, WAITS[block]);
      if (found === null) return [];
      const key = ["ci_watch", block, name, found.key].filter(Boolean).join(".");
      return [`Cannot use "${key}" in "${file}": ${found.problem}`];
    }),
  );
}

/**
 * The problem of one entry, or null. An entry with a request is a provider as data; any other gives values to a built-in one and
 * is not checked here.
 */
export function serviceProblem(name: string, entry: unknown, waits: string) {
  if (!isObject(entry) || !("request" in entry)) return null;
  const { branches: _branches, paths: _paths, ...described } = entry;
  return providerProblem({ title: name, checked: "here", waits, ...described, name });
}
