import { join } from "node:path";
import { isObject } from "../../base/json.ts";
import { readSmallFile } from "../../base/small-file.ts";
import { makeDir, replaceFile } from "../../store/files.ts";
import type { Description } from "./description.ts";

/** What is known of a plugin since it was last asked. */
export interface CatalogEntry {
  /** State of its files when it was asked. */
  readonly fingerprint: string;
  /** The last good answer, which may be older than `fingerprint` when `problem` is there. */
  readonly description: Description | null;
  /** Why it could not be asked. */
  readonly problem: string | null;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Entries by `<folder>\n<specifier>`. */
export type Catalog = Readonly<Record<string, CatalogEntry>>;

const VERSION = 1;

/** The catalog of a state directory; empty when it cannot be read, since it is a cache. */
export function readCatalog(home: string): Catalog {
  try {
    const value: unknown = JSON.parse(readSmallFile(catalogPath(home), 8 * 1024 * 1024));
    return isObject(value) && value.version === VERSION && isObject(value.plugins) ? (value.plugins as Catalog) : {};
  } catch {
    return {};
  }
}

/** Merges entries into the catalog, which another process may have changed meanwhile. */
export function keepEntries(home: string, entries: Catalog): void {
  const path = catalogPath(home);
  try {
    makeDir(home);
    const plugins = { ...readCatalog(home), ...entries };
    replaceFile(path, JSON.stringify({ version: VERSION, plugins }), { sync: false });
  } catch {
    // Only a cache: the plugin is asked again next time.
  }
}

function catalogPath(home: string): string {
  return join(home, "plugins-catalog.json");
}
