import { describe, expect, it } from "vitest";
import type { LookResult, WaitKind } from "../../../src/plugin.ts";
import { writeEnding } from "../../../src/watch/engine/ending.ts";
import { reap, rearm } from "../../../src/watch/owner/recover.ts";
import { driveWatch } from "../drive-watch.ts";
import { scriptedKind, world } from "../world.ts";

const running: LookResult = { status: "running", reason: "running" };
const kind = scriptedKind([running], { slowAfterVerdict: true });
const keyed = scriptedKind([running], {
  slowAfterVerdict: true,
  pin: async ({ ref }) => ({
    ref: `#${ref}`,
    key: `o/r#${ref}`,
    repo: "o/r",
    pr: Number(ref),
    sha: "a".repeat(40),
    identity: {},
    complete: true,
  }),
});

describe("registerWait()", () => {
  it("eight at once make one watcher; seven are told and subscribed", async () => {
    const w = world(kind);
    const all = await Promise.all(Array.from({ length: 8 }, (_, i) => w.register({ session: `s${i}` })));
    expect(all.filter(({ outcome }) => outcome === "watching")).toHaveLength(1);
    expect(all.filter(({ outcome }) => outcome === "already")).toHaveLength(7);
    const wait = [...w.store.read().waits.values()];
    expect(wait).toHaveLength(1);
    expect(wait[0]?.subscribers).toHaveLength(7);
  });

  it("over the ceiling a pull request is queued, and the ending that frees the slot starts it in the same commit", async () => {
    const w = world(keyed);
    const first = await w.register({ ref: "1" });
    const rest = [];
    for (const ref of ["2", "3", "4"]) rest.push(await w.register({ ref, mode: "background" }));
    expect(rest.map(({ outcome, wait }) => [outcome, wait.state])).toEqual(Array(3).fill(["queued", "PUSHED"]));
    await writeEnding(first.wait, keyed, { outcome: "succeeded", cause: "look", reason: "green" }, w.deps);
    const states = () => [...w.store.read().waits.values()].map(({ ref, state }) => `${ref} ${state}`).sort();
    expect(states()).toEqual(["#1 GREEN", "#2 WATCHING", "#3 PUSHED", "#4 PUSHED"]);
  });

  it("of waits without a repository, too, a slot that becomes free starts one", async () => {
    const pin: WaitKind["pin"] = async (request, context) => ({ ...(await keyed.pin(request, context)), repo: null });
    const elsewhere = { ...keyed, pin };
    const w = world(elsewhere);
    const first = await w.register({ ref: "1" });
    for (const ref of ["2", "3"]) await w.register({ ref, mode: "background" });
    await writeEnding(first.wait, elsewhere, { outcome: "succeeded", cause: "look", reason: "green" }, w.deps);
    const states = [...w.store.read().waits.values()].map(({ ref, state }) => `${ref} ${state}`).sort();
    expect(states).toEqual(["#1 GREEN", "#2 WATCHING", "#3 PUSHED"]);
  });

  it("the ceiling is per session and repository, and a pull request never trips over its own row", async () => {
    const w = world(keyed);
    await w.register({ ref: "1" });
    expect((await w.register({ ref: "2", session: "other" })).outcome).toBe("watching");
    const again = await w.register({ ref: "1", force: true });
    expect(again.outcome).toBe("watching");
    expect(again.superseded?.ref).toBe("#1");
  });

  it("whatever its kind is called: what holds a pull request's slot counts, and nothing else does", async () => {
    const other = (name: string, traits: WaitKind["traits"]) => ({ kind: { ...keyed, name, traits } });
    const w = world(keyed);
    await w.register({ ref: "1", ...other("gitlab", { slot: "pull-request" }) });
    expect((await w.register({ ref: "2", mode: "background" })).outcome).toBe("queued");
    expect((await w.register({ ref: "3", ...other("jenkins", { noun: "job" }) })).outcome).toBe("watching");
    const third = { ref: "4", ...other("gitlab", { noun: "MR", slot: "pull-request" as const }) };
    await expect(w.register(third)).rejects.toThrow(/^Cannot watch MR #4 \(o\/r\) now: /);
  });

  it("a dead watcher holds neither its wait nor its slot once the grace is over", async () => {
    const w = world(keyed);
    const { wait } = await w.register({ ref: "1" });
    w.processes.running.delete(100);
    w.processes.running.set(101, "s101");
    expect((await w.register({ ref: "1" })).outcome).toBe("already");
    expect((await w.register({ ref: "2", mode: "background" })).outcome).toBe("queued");
    w.clock.advance(121_000);
    expect((await w.register({ ref: "3" })).outcome).toBe("watching");
    const taken = await w.register({ ref: "1", session: "s9" });
    expect(taken).toMatchObject({ outcome: "watching", wait: { wait_id: wait.wait_id, state: "WATCHING" } });
    expect(taken.wait.owner.generation).toBe(2);
  });

  it("--adopt takes over a dead watcher at once, but not a live one", async () => {
    const w = world(keyed);
    await w.register({ ref: "1" });
    expect((await w.register({ ref: "1", adopt: true })).outcome).toBe("already");
    w.processes.running.delete(100);
    expect((await w.register({ ref: "1", adopt: true })).outcome).toBe("watching");
  });

  it("a pid that another process has now, and another boot, are no live watcher", async () => {
    const w = world(keyed);
    await w.register({ ref: "1" });
    w.processes.running.set(100, "later");
    w.clock.advance(121_000);
    expect((await w.register({ ref: "1", session: "s2" })).outcome).toBe("watching");
    w.processes.boot = "boot-2";
    w.clock.advance(121_000);
    expect((await w.register({ ref: "1", session: "s3" })).outcome).toBe("watching");
  });

  it("watching again after a verdict starts a new cycle of the same wait; attempt grows for the session that was told of a classified red", async () => {
    const w = world(keyed);
    const { wait } = await w.register({ ref: "1" });
    await w.store.transition(wait, "RED_CLASSIFIED", { extra: { outcome: "failed" } });
    expect((await w.register({ ref: "1", session: "stranger" })).wait).toMatchObject({
      wait_id: wait.wait_id,
      state: "WATCHING",
      attempt: 0,
    });
    await w.store.transition(w.store.read().waits.get(wait.wait_id)!, "RED_CLASSIFIED", {
      extra: { outcome: "failed" },
    });
    expect((await w.register({ ref: "1" })).wait).toMatchObject({
      wait_id: wait.wait_id,
      state: "WATCHING",
      attempt: 1,
    });
  });

  it("after MERGED there is a new wait", async () => {
    const w = world(keyed);
    const { wait } = await w.register({ ref: "1" });
    await w.store.transition(wait, "MERGED", { extra: { outcome: "merged" } });
    const again = await w.register({ ref: "1" });
    expect(again.wait.wait_id).not.toBe(wait.wait_id);
  });
});

describe("recovery", () => {
  it("reap() folds what has no repository as reaped, never with a guessed one", async () => {
    const lost = scriptedKind([running], {
      pin: async () => ({ ref: "#7", key: "?#7", repo: null, pr: 7, sha: null, identity: {}, complete: true }),
    });
    const w = world(lost);
    const { wait } = await w.register();
    w.processes.running.delete(100);
    const done = await reap(w.deps, { now: true, reconcile: true });
    expect(done).toMatchObject([{ what: "reaped" }]);
    expect(w.store.find(wait.wait_id)).toMatchObject({ state: "ABANDONED", extra: { cause: "reaped:dead-watcher" } });
  });

  it("reap() looks at the target once, and folds what really happened", async () => {
    const green = scriptedKind([{ status: "succeeded", reason: "went green while nobody looked" }]);
    const w = world(green);
    const { wait } = await w.register();
    w.processes.running.delete(100);
    w.processes.self = () => ({ pid: 101, pid_start: "s101", boot_id: "boot-1" });
    w.processes.running.set(101, "s101");
    await reap(w.deps, { now: true, reconcile: true });
    expect(w.store.find(wait.wait_id)).toMatchObject({ state: "GREEN", extra: { outcome: "succeeded" } });
  });

  it("rearm() leaves a watcher that died within the grace alone unless told", async () => {
    const w = world(keyed);
    await w.register({ ref: "1" });
    w.processes.running.delete(100);
    expect(await rearm(w.deps, { dryRun: true })).toMatchObject([{ what: "waiting" }]);
    expect(await rearm(w.deps, { dryRun: true, now: true })).toMatchObject([{ what: "re-armed" }]);
  });

  it("rearm() takes up a wait whose watcher was started and never came, at once when told", async () => {
    const w = world(keyed);
    await w.register({ ref: "1", mode: "background" });
    expect(await rearm(w.deps, { dryRun: true })).toEqual([]);
    expect(await rearm(w.deps, { dryRun: true, now: true })).toMatchObject([{ what: "re-armed" }]);
  });

  it("a clock that was ahead does not keep a dead watcher alive", async () => {
    const w = world(keyed);
    w.clock.jump(10 * 365 * 86_400_000);
    await w.register({ ref: "1" });
    w.clock.jump(-10 * 365 * 86_400_000);
    expect(await rearm(w.deps, { dryRun: true })).toEqual([]);
    w.processes.running.delete(100);
    expect(await rearm(w.deps, { dryRun: true })).toMatchObject([{ what: "re-armed" }]);
  });

  it("a wait whose variables nobody here has is parked and says which", async () => {
    const w = world(keyed);
    const deps = { ...w.deps, env: { VERCEL_TOKEN: "secret-value" } };
    const { registerWait } = await import("../../../src/watch/register/register.ts");
    const pin = await keyed.pin({ ref: "1", argv: [], options: {}, network: true }, {} as never);
    const { wait } = await registerWait(
      {
        kind: keyed,
        pin,
        options: {},
        session: "s1",
        cwd: w.home,
        argv: [],
        mode: "foreground",
        timeoutS: null,
        intervalS: null,
        adopt: false,
        force: false,
      },
      deps,
    );
    w.processes.running.delete(100);
    await rearm(w.deps, { now: true });
    expect(w.store.read().waits.get(wait.wait_id)?.needs).toContain("VERCEL_TOKEN");
    const { readFileSync } = await import("node:fs");
    expect(readFileSync(w.store.paths.state, "utf8")).not.toContain("secret-value");
  });
});

it("a queued pull request that another session watches is that session's, and the first one hears of it", async () => {
  const w = world(keyed);
  await w.register({ ref: "1", session: "s1" });
  const queued = await w.register({ ref: "2", session: "s1", mode: "background" });
  expect(queued.outcome).toBe("queued");
  const taken = await w.register({ ref: "2", session: "s2" });
  expect(taken).toMatchObject({ outcome: "watching", wait: { session_id: "s2", subscribers: ["s1"] } });
  expect((await w.register({ ref: "3", session: "s1", mode: "background" })).outcome).toBe("queued");
});

describe("a watch that only sits out a grace", () => {
  const sitting: LookResult = {
    status: "waiting",
    reason: '"e2e" has not reported',
    grace: { name: "required", outcome: "missing_required", reason: '"e2e" never reported' },
  };
  const graced = { ...keyed, ...scriptedKind([sitting]), pin: keyed.pin };

  it("holds a slot for its first minute, and none after it", async () => {
    const w = world(graced);
    const first = await w.register({ ref: "1", timeoutS: 7200 });
    await driveWatch(w, graced, first.wait, { maxS: 30 });
    expect((await w.register({ ref: "2", mode: "background" })).outcome).toBe("queued");
    await driveWatch(w, graced, first.wait, { maxS: 90 });
    expect((await w.register({ ref: "3", mode: "background" })).outcome).toBe("watching");
  });

  it("lets a queued one start at that one's next look", async () => {
    const w = world(graced);
    const first = await w.register({ ref: "1", timeoutS: 7200 });
    const { wait } = await w.register({ ref: "2", mode: "background" });
    await driveWatch(w, graced, first.wait, { maxS: 90 });
    await driveWatch(w, graced, wait, { maxS: 0, mode: "background" });
    expect(w.store.find(wait.wait_id)?.state).toBe("WATCHING");
  });
});

it("a look at a queued pull request follows a head that moved", async () => {
  const moved = "b".repeat(40);
  const looked = scriptedKind([({ pin }) => ({ ...running, pin: { ...pin, sha: moved }, moved: true })]);
  const w = world({ ...looked, pin: keyed.pin });
  await w.register({ ref: "1" });
  const { wait } = await w.register({ ref: "2", mode: "background" });
  await driveWatch(w, { ...looked, pin: keyed.pin }, wait, { maxS: 0, mode: "background" });
  expect(w.store.find(wait.wait_id)).toMatchObject({ state: "PUSHED", sha: moved });
});
