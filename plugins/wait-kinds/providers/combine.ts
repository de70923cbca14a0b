import type { LookItem } from "../../../src/plugin.ts";
import type { ProviderStatus } from "../../../src/provider.ts";

/** Precedence when several items are one wait: a failure at once, then what still runs, then other endings. */
const ORDER: readonly [ProviderStatus, readonly LookItem["state"][]][] = [
  ["failed", ["failed"]],
  ["running", ["running", "unknown"]],
  ["blocked", ["blocked"]],
  ["cancelled", ["cancelled"]],
];

/** The status of several items as one; `waiting` when there is none. */
export function combine(items: readonly LookItem[]): ProviderStatus {
  const has = (...states: LookItem["state"][]) => items.some(({ state }) => states.includes(state));
  if (items.length === 0) return "waiting";
  if (!has("failed") && has("queued")) return items.every(({ state }) => state === "queued") ? "waiting" : "running";
  const found = ORDER.find(([, states]) => has(...states));
  if (found) return found[0];
  return has("succeeded", "neutral") ? "succeeded" : "skipped";
}

/** The same for whole looks, where one may have been superseded. */
export function combineStatuses(statuses: readonly ProviderStatus[]): ProviderStatus {
  const order: ProviderStatus[] = ["failed", "running", "blocked", "cancelled", "unknown", "superseded"];
  if (!statuses.includes("failed") && statuses.includes("waiting")) {
    return statuses.every((status) => status === "waiting") ? "waiting" : "running";
  }
  return (
    order.find((status) => statuses.includes(status)) ?? (statuses.includes("succeeded") ? "succeeded" : "skipped")
  );
}
