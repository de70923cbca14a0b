import { describe, expect, it } from "vitest";
import type { LookResult } from "../../../src/plugin.ts";
import { Observer } from "../../../src/watch/engine/observer.ts";
import { Watch } from "../../../src/watch/engine/watch.ts";
import { scriptedKind, world } from "../world.ts";

const running: LookResult = { status: "running", reason: "running" };

describe("an observer", () => {
  it("wakes the next look when it ends, and only ever wakes", async () => {
    let end = () => {};
    const kind = scriptedKind([running], {
      observe: () =>
        new Promise((resolve) => {
          end = resolve;
        }),
    });
    const w = world(kind, { observer: "gh" });
    const { wait } = await w.register();
    const config = await w.deps.config(w.home);
    const watch = new Watch({
      wait,
      kind,
      config,
      deps: w.deps,
      mode: "foreground",
      signal: new AbortController().signal,
    });
    await watch.step();
    expect(watch.dueAt).toBeGreaterThan(0);
    end();
    await new Promise(setImmediate);
    expect(watch.dueAt).toBe(0);
    expect((await watch.step()).next).toBe("look");
    expect(watch.dueAt).toBeGreaterThan(0);
    expect(w.store.find(wait.wait_id)?.state).toBe("WATCHING");
  });

  it("is not asked for unless the policy wants it", async () => {
    const kind = scriptedKind([running], { observe: () => Promise.reject(new Error("not wanted")) });
    const w = world(kind);
    const { wait } = await w.register();
    const config = await w.deps.config(w.home);
    const watch = new Watch({
      wait,
      kind,
      config,
      deps: w.deps,
      mode: "foreground",
      signal: new AbortController().signal,
    });
    await watch.step();
    await new Promise(setImmediate);
    expect(watch.dueAt).toBeGreaterThan(0);
  });

  it("is ended with its watch", async () => {
    let aborted = false;
    const observe = async ({ signal }: { readonly signal: AbortSignal }) => {
      signal.addEventListener("abort", () => {
        aborted = true;
      });
      await new Promise(() => {});
    };
    const kind = scriptedKind([running, { status: "succeeded", reason: "done" }], { observe });
    const w = world(kind, { observer: "gh" });
    const { wait } = await w.register();
    const config = await w.deps.config(w.home);
    const watch = new Watch({
      wait,
      kind,
      config,
      deps: w.deps,
      mode: "foreground",
      signal: new AbortController().signal,
    });
    await watch.step();
    expect(aborted).toBe(false);
    expect((await watch.step()).next).toBe("ended");
    expect(aborted).toBe(true);
  });

  it("that ends at once is not started again within ten seconds", async () => {
    let time = 0;
    let started = 0;
    const observer = new Observer({ monotonic: () => time });
    const observe = async () => {
      started += 1;
    };
    for (const at of [0, 1_000, 9_999, 10_000]) {
      time = at;
      observer.start(observe);
      await new Promise(setImmediate);
    }
    expect(started).toBe(2);
  });
});
