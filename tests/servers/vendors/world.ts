import type { Provider, ProviderStatus } from "../../../src/provider.ts";
import type { VendorOptions, VendorServer } from "./harness.ts";
import { startVendor } from "./harness.ts";

/** A deploy as a vendor's server holds it, before it is put into the vendor's shape. */
export interface Item {
  readonly id: string;
  readonly sha: string;
  /** The state as the vendor spells it. */
  state: string;
  readonly environment?: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** More of the vendor's own fields. */
  extra?: Readonly<Record<string, unknown>>;
}

/** What a vendor's server serves; tests change it while it runs. */
export interface World {
  items: Item[];
  log: readonly string[];
}

/** A deploy vendor: its description, its server and the words it uses. */
export interface DeployVendor {
  readonly provider: Provider;
  /** Variables of a user who may read everything. */
  env(url: string): Record<string, string>;
  server(world: World): VendorOptions;
  /** The vendor's words for each status that it has; the first of `failed` is used with the log. */
  readonly states: Partial<Record<ProviderStatus, readonly string[]>>;
  /** Four ids as the vendor makes them. */
  readonly ids: readonly [string, string, string, string];
  /** Whether the vendor serves log lines. */
  readonly hasLog: boolean;
}

export const BORN = Date.UTC(2026, 10, 20, 8, 0, 0);

/** Starts a vendor's server over a world of its own. */
export async function startDeployVendor(vendor: DeployVendor): Promise<VendorServer & { world: World }> {
  const world: World = { items: [], log: [] };
  const server = await startVendor(vendor.server(world));
  return { ...server, world };
}

/** Newest first. */
export function newestFirst(world: World): Item[] {
  return [...world.items].sort((a, b) => b.at - a.at);
}

export const iso = (ms: number): string => new Date(ms).toISOString();
