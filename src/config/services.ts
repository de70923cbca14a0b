import { isObject } from "../base/json.ts";
import { logEntryProblem } from "../log-providers/describe/entry.ts";
import { type ProviderProblem, providerProblem } from "../providers/describe/schema.ts";
import { reviewerEntryProblem } from "../reviewers/describe/entry.ts";
import type { CiWatch } from "./schema.ts";

/** What is wrong with an entry of a block, or null. */
const PROBLEMS: Readonly<Record<Block, (name: string, entry: unknown) => ProviderProblem | null>> = {
  providers: (name, entry) => serviceProblem(name, entry, "deploy"),
  index_sync: (name, entry) => serviceProblem(name, entry, "index-sync"),
  log_providers: logEntryProblem,
  reviewers: reviewerEntryProblem,
};

type Block = "providers" | "index_sync" | "log_providers" | "reviewers";

/**
 * Sentences about services of a policy that cannot be used: file, key, and the nearest key. A broken service stops only what
 * needs it.
 */
export function serviceProblems(ciWatch: Pick<CiWatch, Block>, file: string): readonly string[] {
  return (Object.keys(PROBLEMS) as Block[]).flatMap((block) =>
    Object.entries(ciWatch[block]).flatMap(([name, entry]) => {
      const found = PROBLEMS[block](name, entry);
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
