import { createHash } from "node:crypto";

/** A 40-digit sha. A value that is one already is kept; anything else is a label that always gives the same sha. */
export function shaOf(label: string): string {
  return /^[0-9a-f]{40}$/.test(label) ? label : createHash("sha1").update(label).digest("hex");
}

/** Numbers the way GitHub does: rising, and never the same twice in one world. */
export class Ids {
  #next = 1000;

  /** The next free number. */
  next(): number {
    this.#next += 1;
    return this.#next;
  }
}

/** The database id of a workflow or of an environment, by its name. */
export function workflowId(name: string): number {
  return Number.parseInt(shaOf(name).slice(0, 7), 16);
}

const appIds: Record<string, number> = { "github-actions": 15368, vercel: 8329, "cloudflare-workers-and-pages": 85455 };

/** The database id of an app. Known apps have their real one. */
export function appId(slug: string): number {
  return appIds[slug] ?? 100_000 + (Number.parseInt(shaOf(slug).slice(0, 6), 16) % 900_000);
}
