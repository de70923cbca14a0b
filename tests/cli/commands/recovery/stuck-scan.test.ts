import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { timestamp } from "../../../../src/base/clock.ts";
import { systemProcesses } from "../../../../src/process/this-machine.ts";
import { paths } from "../../../../src/store/paths.ts";
import { recordDuration } from "../../../../src/watch/durations.ts";
import { type Sandbox, sandbox } from "../../../helpers/p9.ts";
import { startReceiver } from "../../../plugins/notifiers/receiver.ts";
import { row } from "../../../stats/sample.ts";

const MINUTE = 60_000;

/** A home with one deploy that is watched by this very process since so many minutes, and when its items last moved. */
function stalled(minutesAgo: number, movedMinutesAgo: number | null = null) {
  const user = sandbox();
  mkdirSync(join(user.home, "looks"), { recursive: true });
  const at = Date.now() - minutesAgo * MINUTE;
  const extra = { ...systemProcesses.self(), generation: 1, history: "deploy:o/r", cwd: user.work };
  const more = { kind: "deploy", ref: "web", pr: null, extra };
  const rows = [row("w1", at, null, "PUSHED", more), row("w1", at, "PUSHED", "WATCHING", more)];
  writeFileSync(join(user.home, "state.jsonl"), rows.map((entry) => `${JSON.stringify(entry)}\n`).join(""));
  const log = join(user.home, "log");
  writeFileSync(log, "still going\n".repeat(100));
  const look = {
    wait_id: "w1",
    cycle_at: timestamp(at),
    last_look: timestamp(Date.now()),
    reason: "2 of 9 pods are up",
    progressed_at: movedMinutesAgo === null ? null : timestamp(Date.now() - movedMinutesAgo * MINUTE),
  };
  writeFileSync(join(user.home, "looks", "w1.json"), JSON.stringify(look));
  return user;
}

interface Scan {
  stuck: { wait_id: string; progress_age_s: number; threshold_s: number; notified: boolean; reason: string }[];
}

async function scan(user: Sandbox, ...args: string[]) {
  const { code, stdout } = await user.p9(["stuck-scan", "--json", ...args]);
  return { code, ...(JSON.parse(stdout) as Scan) };
}

describe("p9 stuck-scan", () => {
  test("finds what is watched and has not moved for 45 minutes, however fresh its looks and logs are", async () => {
    const { code, stuck } = await scan(stalled(50));
    expect(code).toBe(1);
    expect(stuck).toMatchObject([{ wait_id: "w1", threshold_s: 2700, notified: true, reason: "2 of 9 pods are up" }]);
    expect((await scan(stalled(40))).stuck).toEqual([]);
  });

  test("counts from the last real progress", async () => {
    expect(await scan(stalled(500, 10))).toMatchObject({ code: 0, stuck: [] });
    expect((await scan(stalled(500, 46))).stuck[0]?.progress_age_s).toBeGreaterThanOrEqual(46 * 60);
  });

  test("takes what earlier waits of the target took for usual", async () => {
    const quick = stalled(10);
    for (let i = 0; i < 5; i++) recordDuration(paths(quick.home).durations, "deploy:o/r", 120 + i);
    expect((await scan(quick)).stuck[0]?.threshold_s).toBe(300);
    const slow = stalled(100);
    for (let i = 0; i < 5; i++) recordDuration(paths(slow.home).durations, "deploy:o/r", 7000);
    expect((await scan(slow)).stuck).toEqual([]);
  });

  test("obeys a threshold given by hand, and refuses one that is none", async () => {
    expect((await scan(stalled(10), "--threshold-min", "5")).stuck).toHaveLength(1);
    const byEnv = await stalled(10).p9(["stuck-scan"], { env: { BROOMVA_P9_STUCK_MIN: "5" } });
    expect([byEnv.code, byEnv.stdout]).toEqual([1, expect.stringMatching(/^deploy web: no progress for 10m/)]);
    expect((await stalled(10).p9(["stuck-scan", "--threshold-min", "soon"])).code).toBe(3);
  });

  test("tells people once per stall, also when it is run by many at once", async () => {
    const server = await startReceiver();
    onTestFinished(server.close);
    const user = stalled(50);
    writeFileSync(join(user.home, "notify.json"), JSON.stringify({ channels: [{ type: "webhook", url: server.url }] }));
    const all = await Promise.all(Array.from({ length: 4 }, () => scan(user)));
    expect(all.flatMap(({ stuck }) => stuck.filter(({ notified }) => notified))).toHaveLength(1);
    await expect.poll(() => server.received.map(({ json }) => json.kind)).toEqual(["stuck"]);
    expect((await scan(user)).stuck).toMatchObject([{ notified: false }]);
    expect((await scan(user, "--renotify")).stuck).toMatchObject([{ notified: true }]);
  });

  test("leaves waits with a dead watcher to rearm, and ended ones alone", async () => {
    const user = stalled(50);
    const dead = row("w1", Date.now(), "WATCHING", "GREEN", { kind: "deploy" });
    writeFileSync(join(user.home, "state.jsonl"), `${JSON.stringify(dead)}\n`, { flag: "a" });
    expect(await scan(user)).toMatchObject({ code: 0, stuck: [] });
  });
});
