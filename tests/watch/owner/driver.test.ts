import { expect, test, vi } from "vitest";
import { withLock } from "../../../src/store/lock/lock.ts";
import { nextRow, Store } from "../../../src/store/store.ts";
import { drive } from "../../../src/watch/owner/driver.ts";
import { scriptedKind, world } from "../world.ts";

test("a driver lets go of a wait that another took over, and takes up its next cycle without waiting for its slow look", async () => {
  const looks: number[] = [];
  const kind = scriptedKind(
    [
      { status: "failed", reason: "lint failed" },
      () => {
        looks.push(w.clock.monotonic());
        return { status: "succeeded", reason: "all passed" };
      },
    ],
    { slowAfterVerdict: true },
  );
  const w = world(kind, { grace: { slow_look: 300 } });
  const { wait } = await w.register({ mode: "background" });
  const stop = new AbortController();
  const state = () => w.store.find(wait.wait_id)?.state;
  let healedAt = 0;
  // Every sleep of the driver is a chance to act beside it: a heal takes the red wait, pushes, and hands it back.
  w.clock.sleep = async (ms: number) => {
    w.clock.advance(ms);
    await new Promise(setImmediate);
    const now = w.store.find(wait.wait_id);
    if (now?.state.startsWith("RED_") && healedAt === 0) {
      healedAt = w.clock.monotonic();
      const healer = { watcher_id: "healer", pid: 100, pid_start: "s100", boot_id: "boot-1", generation: 9 };
      await w.store.commit(() => [nextRow(now, "HEALING", { owner: healer, extra: { slow: false } })]);
      const healing = w.store.find(wait.wait_id);
      const nobody = { ...healer, watcher_id: "next", pid: 0, pid_start: "", boot_id: "", generation: 10 };
      if (healing) await w.store.commit(() => [nextRow(healing, "WATCHING", { owner: nobody })]);
    }
    if (state() === "GREEN" || w.clock.monotonic() > 1_000_000) stop.abort("test");
  };
  await drive({ ...w.deps }, { onDemand: false, signal: stop.signal, report: () => {} });
  expect(state()).toBe("GREEN");
  expect((looks[0] ?? Number.POSITIVE_INFINITY) - healedAt).toBeLessThan(60_000);
});

test("a driver that cannot write for a while goes on, and takes its wait up when it can", async () => {
  const w = world(scriptedKind([{ status: "succeeded", reason: "all passed" }]));
  w.clock.sleep = async (ms: number) => {
    w.clock.advance(ms);
    await new Promise(setImmediate);
  };
  const { wait } = await w.register({ mode: "background" });
  const told = vi.fn();
  const deps = {
    ...w.deps,
    store: Store.open(w.store.home, { clock: w.clock, lockTimeoutMs: 20 }),
    log: { info: () => {}, warn: told },
  };
  const stop = new AbortController();
  let driving: Promise<void> | undefined;
  await withLock(w.store.paths.stateLock, async () => {
    driving = drive(deps, { onDemand: false, signal: stop.signal, report: () => {} });
    await Promise.race([driving, vi.waitFor(() => expect(told.mock.calls.length).toBeGreaterThan(1), 5_000)]);
  });
  await vi.waitFor(() => expect(w.store.find(wait.wait_id)?.state).toBe("GREEN"), 5_000);
  stop.abort("test");
  await driving;
  expect(told.mock.calls[0]?.[0]).toMatch(/^Cannot keep 1 event in .+: Cannot take the lock/);
});
