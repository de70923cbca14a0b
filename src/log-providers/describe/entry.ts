import { isObject, type JsonObject } from "../../base/json.ts";
import type { ProviderProblem } from "../../providers/describe/schema.ts";
import type { LogProvider } from "./log-provider.ts";
import { logProviderProblem } from "./schema.ts";

/**
 * An entry of `ci_watch.log_providers` as a description: one of its own, or `under`, the built-in one that it names, with some keys
 * overruled. An address of its own has pages of its own.
 */
export function described(name: string, entry: JsonObject, under: LogProvider | null): LogProvider {
  const { use: _use, base, ...rest } = entry;
  const { sites, ...kept } = under ?? { title: name, checked: "by whoever wrote it", sites: undefined };
  const place =
    base === undefined ? { ...(sites ? { sites } : {}) } : { base: typeof base === "string" ? { url: base } : base };
  // Typed only; `defineLogProvider` checks it.
  return { ...kept, ...place, ...rest, name } as Partial<LogProvider> as LogProvider;
}

/** Whatever a built-in description may hold, in its shortest form. */
const ANY: LogProvider = {
  name: "any",
  title: "any",
  checked: "here",
  base: { env: "ANY" },
  pages: [{ path: "/", is: "run" }],
  targets: { run: { label: "run", request: { path: "/" }, states: { succeeded: ["ok"] }, logs: [] } },
};

/** The problem of an entry, or null. Of one that gives keys to a built-in provider, those keys are checked. */
export function logEntryProblem(name: string, entry: unknown): ProviderProblem | null {
  if (!isObject(entry)) return { key: "", problem: "wanted a block of keys" };
  const isWhole = "pages" in entry && "targets" in entry;
  if ("use" in entry && typeof entry.use !== "string") return { key: "use", problem: "wanted a text" };
  return logProviderProblem(described(name, entry as JsonObject, isWhole ? null : ANY));
}
