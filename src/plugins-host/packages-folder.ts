import { join } from "node:path";

/** Where the user's `npm:` plugins are installed. */
export function packagesFolder(home: string): string {
  return join(home, "plugins");
}
