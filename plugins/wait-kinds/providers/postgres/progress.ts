import type { Progress } from "../../../../src/plugin.ts";
import type { Build } from "./query.ts";

/** Where each phase of CREATE INDEX CONCURRENTLY begins and how much of the whole it is, in percent, as measured. */
const PHASES: readonly (readonly [phase: string, from: number, share: number])[] = [
  ["initializing", 0, 0],
  ["waiting for writers before build", 0, 0],
  ["building index: scanning table", 0, 45],
  ["building index: sorting live tuples", 45, 5],
  ["building index: sorting dead tuples", 50, 0],
  ["building index: loading tuples in tree", 50, 15],
  ["waiting for writers before validation", 65, 0],
  ["index validation: scanning index", 65, 15],
  ["index validation: sorting tuples", 80, 0],
  ["index validation: scanning table", 80, 20],
  ["waiting for old snapshots", 99, 0],
  ["waiting for readers before marking dead", 99, 0],
  ["waiting for readers before dropping", 99, 0],
];
/** Without CONCURRENTLY it ends with the loading. */
const BUILD_ONLY = 65;

/** How far a build is: every phase counts anew, so a phase has a place in the whole and a share of it. */
export function progressOfBuild({
  command,
  phase,
  blocks_done,
  blocks_total,
  tuples_done,
  tuples_total,
}: Build): Progress {
  const [done, total] =
    blocks_total > 0 ? [blocks_done, blocks_total] : tuples_total > 0 ? [tuples_done, tuples_total] : [null, null];
  const share = done !== null && total ? Math.min(1, done / total) : 0;
  const place = PHASES.find(([name]) => name === phase);
  // Phases of other index methods (`loading tuples` of hnsw) are the whole build.
  const percent = place ? place[1] + place[2] * share : done === null ? null : BUILD_ONLY * share;
  const whole =
    percent !== null && !command.includes("CONCURRENTLY") ? Math.min(100, (100 * percent) / BUILD_ONLY) : percent;
  return { done, total, percent: whole === null ? null : Math.round(whole * 10) / 10, phase };
}
