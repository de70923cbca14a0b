import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type LookRecord, lookOfCycle, writeLook } from "../../../src/watch/engine/look-file.ts";

const SEEN: LookRecord = {
  wait_id: "w-1",
  cycle_at: "2026-01-01T00:00:00Z",
  last_look: null,
  looks: 1,
  status: "waiting",
  reason: "1 of 2 done",
  progress: null,
  expected_at: null,
  items: [],
  errors: 0,
  error: null,
  active_used: 5,
  graces: {},
  memory: {},
  progressed_at: null,
};

test("lookOfCycle() gives the look of this cycle, and none of an earlier cycle or of another wait", () => {
  const dir = mkdtempSync(join(tmpdir(), "p9-looks-"));
  writeLook(dir, SEEN);
  const { wait_id, cycle_at } = SEEN;
  expect(lookOfCycle(dir, { wait_id, cycle_at })).toEqual(SEEN);
  expect(lookOfCycle(dir, { wait_id, cycle_at: "2026-01-01T01:00:00Z" })).toBeNull();
  expect(lookOfCycle(dir, { wait_id: "w-2", cycle_at })).toBeNull();
});
