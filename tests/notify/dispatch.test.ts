import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { collectNotices } from "../../src/notify/collect.ts";
import { deliverOpen } from "../../src/notify/dispatch.ts";
import { channelSubjects } from "../../src/notify/sources.ts";
import { tell, tellLeftovers } from "../../src/notify/tell.ts";
import { withLock } from "../../src/store/lock/lock.ts";
import { askedAbout, grant, trustedAt } from "../../src/trust/trust.ts";
import { row } from "../stats/sample.ts";
import { jumpingClock, notifyWorld, receiver } from "./world.ts";

describe("deliverOpen()", () => {
  test("tells every channel of an ending, once, however often it is run", async () => {
    const server = await receiver();
    const world = notifyWorld([
      { type: "webhook", url: `${server.url}/a` },
      { type: "ntfy", url: server.url, topic: "t" },
    ]);
    world.end("w1");
    await deliverOpen(world.deps);
    await deliverOpen(world.deps);
    expect(server.received.map(({ path }) => path).sort()).toEqual(["/", "/a"]);
    expect(world.tried().sort()).toEqual(["ntfy: ok", "webhook: ok"]);
    expect(existsSync(world.files.notifyOpen)).toBe(false);
  });

  test("tells of a red once, also when a heal of it was refused", async () => {
    const server = await receiver();
    const world = notifyWorld([{ type: "webhook", url: server.url }]);
    const red = { outcome: "failed", reason: "lint failed" };
    const at = Date.now();
    world.log([
      row("w1", at - 3_000, "WATCHING", "RED_CLASSIFIED", { extra: { ...red, cause: "look" } }),
      row("w1", at - 2_000, "RED_CLASSIFIED", "HEALING", { extra: { ...red, cause: "heal" } }),
      row("w1", at - 1_000, "HEALING", "RED_CLASSIFIED", { extra: { ...red, cause: "heal-refused" } }),
    ]);
    await deliverOpen(world.deps);
    expect(server.received.map(({ json }) => json.kind)).toEqual(["termination:red_classified"]);
  });

  test("has several runs at once deliver a notice once", async () => {
    const server = await receiver();
    const world = notifyWorld([{ type: "webhook", url: server.url }]);
    for (let i = 0; i < 5; i++) world.end(`w${i}`);
    await Promise.all(Array.from({ length: 4 }, () => deliverOpen(world.deps)));
    expect(server.received.map(({ json }) => json.id)).toHaveLength(5);
    expect(new Set(server.received.map(({ json }) => json.id)).size).toBe(5);
  });

  test("keeps the order of the endings in each channel", async () => {
    const server = await receiver();
    const world = notifyWorld([{ type: "webhook", url: server.url }]);
    for (const id of ["a", "b", "c"]) world.end(id);
    await deliverOpen(world.deps);
    expect(server.received.map(({ json }) => (json.payload as { wait_id: string }).wait_id)).toEqual(["a", "b", "c"]);
  });

  test("lets no channel hold up another, and records what failed and why", async () => {
    const server = await receiver();
    const world = notifyWorld([
      { type: "command", cmd: "echo broken >&2; exit 3" },
      { type: "carrier-pigeon" },
      { type: "webhook" },
      { type: "webhook", url: server.url, colour: "red" },
      { type: "ntfy", topic: "t", url: server.url },
    ]);
    world.end("w1");
    await deliverOpen(world.deps);
    expect(server.received).toHaveLength(1);
    expect(world.tried().sort()).toEqual([
      'carrier-pigeon: Unknown channel type "carrier-pigeon"',
      'command: The command "echo broken >&2; exit 3" ended with 3: broken',
      "ntfy: ok",
      'webhook-2: The channel "webhook" has no option "colour": it has url, headers, format, secret',
      'webhook: The channel "webhook" needs "url"',
    ]);
  });

  test("tries again after growing pauses when another try may work, and honours retry-after", async () => {
    const server = await receiver((_, count) =>
      count < 4 ? { status: 503, headers: { "retry-after": count === 2 ? "33" : "0" } } : { status: 200 },
    );
    const world = notifyWorld([{ type: "webhook", url: server.url }]);
    world.end("w1");
    await deliverOpen(world.deps);
    expect(world.clock.slept).toEqual([2_000, 33_000, 60_000]);
    expect(world.tried()).toEqual([...Array(3).fill("webhook: The webhook answered HTTP 503: {}"), "webhook: ok"]);
    expect(new Set(server.received.map(({ json }) => json.id)).size).toBe(1);
  });

  test("gives up at once on what no other try can mend", async () => {
    const server = await receiver(() => ({ status: 404 }));
    const world = notifyWorld([{ type: "webhook", url: server.url }]);
    world.end("w1");
    await deliverOpen(world.deps);
    await deliverOpen(world.deps);
    expect(server.received).toHaveLength(1);
    expect(world.clock.slept).toEqual([]);
  });

  test("leaves a notice open when its channel is down, tries those behind it once each, and delivers all when it is back", async () => {
    let down = true;
    const server = await receiver(() => (down ? "cut" : { status: 200 }));
    const world = notifyWorld([{ type: "webhook", url: server.url }]);
    for (const id of ["a", "b", "c"]) world.end(id);
    await deliverOpen(world.deps);
    expect(world.clock.slept).toEqual([2_000, 10_000, 60_000, 300_000]);
    expect(server.received).toHaveLength(5 + 2);
    expect(existsSync(world.files.notifyOpen)).toBe(true);
    down = false;
    await deliverOpen(world.deps);
    expect(world.tried().slice(-3)).toEqual(["webhook: ok", "webhook: ok", "webhook: ok"]);
    expect(existsSync(world.files.notifyOpen)).toBe(false);
  });

  test("gives a notice up after a day, and says so", async () => {
    const server = await receiver(() => "cut");
    const world = notifyWorld([{ type: "webhook", url: server.url }]);
    world.end("w1");
    await deliverOpen(world.deps);
    const later = { ...world.deps, clock: jumpingClock(world.clock.now() + 25 * 3_600_000) };
    await deliverOpen(later);
    await deliverOpen(later);
    expect(server.received).toHaveLength(6);
    expect(world.rows().at(-1)).toMatchObject({ closed: true, deliveries: [{ ok: false, final: true, attempt: 6 }] });
  });

  test("does not tell of what ended more than a day ago, nor of a Python p9's rows", async () => {
    const server = await receiver();
    const world = notifyWorld([{ type: "webhook", url: server.url }]);
    world.log([
      { ts: world.stamp(), pr: 1, repo: "o/r", from_state: "WATCHING", to_state: "GREEN", watcher_id: "w", extra: {} },
      {
        type: "transition",
        ts: world.stamp(25 * 3_600_000),
        wait_id: "old",
        to_state: "GREEN",
        ref: "#1",
        kind: "pr-ci",
        extra: {},
      },
    ]);
    await deliverOpen(world.deps);
    expect(server.received).toEqual([]);
  });

  test("tells nobody twice when the process that collected was killed before it could note how far it was", async () => {
    const server = await receiver();
    const world = notifyWorld([{ type: "webhook", url: server.url }]);
    world.end("w1");
    await deliverOpen(world.deps);
    writeFileSync(world.files.notifyCursor, "");
    await deliverOpen(world.deps);
    expect(server.received).toHaveLength(1);
  });

  test("a channel that hangs costs its time limit", async () => {
    const server = await receiver((_, count) => (count === 1 ? "hang" : { status: 200 }));
    const world = notifyWorld([{ type: "webhook", url: server.url, timeout: "7s" }]);
    world.end("w1");
    await deliverOpen(world.deps);
    expect(world.tried()).toEqual(["webhook: No answer within 7 s", "webhook: ok"]);
    expect(server.received[0]?.hungUp).toBe(true);
  });

  test("keeps secrets out of what it sends and what it records", async () => {
    const secret = `ghp_${"a1B2".repeat(9)}`;
    const server = await receiver((_, count) =>
      count === 1 ? { status: 200 } : { status: 400, body: `bad path /services/T0/verysecret or ${secret}` },
    );
    const world = notifyWorld([
      { type: "ntfy", url: server.url, topic: "t", token: "tk_abcdefgh" },
      { type: "webhook", url: `${server.url}/services/T0/verysecret` },
    ]);
    world.end("w1", { ref: `deploy ${secret}`, extra: { reason: `token ${secret} leaked` } });
    await deliverOpen(world.deps);
    expect(JSON.stringify(server.received.map(({ json }) => json))).not.toContain(secret);
    expect(JSON.stringify(world.rows())).not.toMatch(new RegExp(`${secret}|verysecret|tk_abcdefgh`));
    expect(statSync(world.files.notify).mode & 0o777).toBe(0o600);
  });

  test("reads a notify.json that is broken as a failed channel called config", async () => {
    const world = notifyWorld(null);
    writeFileSync(world.files.notifyConfig, "{not json");
    world.end("w1");
    await deliverOpen(world.deps);
    expect(world.tried()).toEqual([
      expect.stringMatching(/^config: Cannot read ".*notify.json": line 1, column 2 is no JSON: /),
    ]);
  });

  test("takes a topic from the environment, unless notify.json has an ntfy channel", async () => {
    const server = await receiver();
    const env = { BROOMVA_P9_NTFY_TOPIC: "from-env" };
    const configured = notifyWorld([{ type: "ntfy", url: server.url, topic: "configured" }], env);
    configured.end("w1");
    await deliverOpen(configured.deps);
    expect(server.received.map(({ json }) => json.topic)).toEqual(["configured"]);
  });

  test("asks for trust before it uses what a repository names, and uses it after", async () => {
    const server = await receiver();
    const world = notifyWorld(null);
    const repo = join(world.home, "repo");
    mkdirSync(join(repo, ".control"), { recursive: true });
    writeFileSync(
      join(repo, ".control", "policy.yaml"),
      `ci_watch:\n  notify:\n    - type: webhook\n      url: ${server.url}\nci_heal: {}\n`,
    );
    world.end("w1", { extra: { cwd: repo } });
    await deliverOpen(world.deps);
    expect(server.received).toEqual([]);
    expect(world.tried()).toEqual(["webhook: Not trusted: the repository names it; see p9 trust"]);
    world.end("w2", { extra: { cwd: repo } });
    const asked: string[] = [];
    await deliverOpen({ ...world.deps, trusted: () => async (subject, content) => asked.push(subject, content) > 0 });
    expect(server.received).toHaveLength(1);
    const note = "Not on the public internet: 127.0.0.1 (this machine)";
    expect(asked).toEqual(["ci_watch.notify[0]", `${JSON.stringify({ type: "webhook", url: server.url })}\n${note}`]);
  });

  test("runs the policy's escalation hook for escalations and stalls only, when it is trusted", async () => {
    const world = notifyWorld(null);
    const { chmodSync, mkdirSync, readFileSync } = await import("node:fs");
    mkdirSync(join(world.home, ".control"), { recursive: true });
    writeFileSync(
      join(world.home, ".control", "policy.yaml"),
      "ci_watch: {}\nci_heal:\n  escalation_channel:\n    notify_hook: hook.sh\n",
    );
    const hook = join(world.home, "hook.sh");
    writeFileSync(hook, '#!/bin/sh\ncat >> "$(dirname "$0")/heard"\n');
    chmodSync(hook, 0o755);
    world.end("w1", { extra: { cwd: world.home } });
    world.end("w2", { to_state: "ESCALATED", from_state: "RED_UNCLASSIFIED", extra: { cwd: world.home } });
    await deliverOpen({ ...world.deps, trusted: () => async (_, content) => content.includes("heard") });
    const heard = readFileSync(join(world.home, "heard"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(heard.map(({ kind }) => kind)).toEqual(["termination:escalated"]);
  });
});

describe("filters", () => {
  test.each([
    [{ kinds: ["termination:red*"] }, ["red"]],
    [{ severity: "error" }, ["red"]],
    [{ wait_kinds: "deploy" }, ["deploy"]],
    [{ repos: ["O/R"] }, ["green", "red"]],
    [{ repos: ["https://github.com/o/r"] }, ["green", "red"]],
    [{ repos: ["github.acme.com/o/r"] }, []],
    [{ min_duration: "10m" }, ["deploy", "red"]],
    [{}, ["green", "deploy", "red"]],
  ])("%j lets through %j", async (filter, expected) => {
    const server = await receiver();
    const world = notifyWorld([{ type: "webhook", url: server.url, ...filter }]);
    world.end("green", { extra: { active_used: 60 } });
    world.end("deploy", { kind: "deploy", repo: null, extra: { active_used: 700 } });
    world.end("red", { to_state: "RED_UNCLASSIFIED", extra: { active_used: 700 } });
    await deliverOpen(world.deps);
    expect(server.received.map(({ json }) => (json.payload as { wait_id: string }).wait_id)).toEqual(expected);
  });

  test("a filter that makes no sense is reported and silences only its own channel", async () => {
    const server = await receiver();
    const world = notifyWorld([
      { type: "webhook", url: server.url, severity: "loud" },
      { type: "webhook", url: server.url },
    ]);
    world.end("w1");
    await deliverOpen(world.deps);
    expect(server.received).toHaveLength(1);
  });
});

describe("tell()", () => {
  const telling = (world: ReturnType<typeof notifyWorld>) => {
    const started: number[] = [];
    const deps = { ...world.deps, startDelivery: async () => void started.push(1) };
    return { deps, started };
  };

  test("records an ending that nobody can be told of, and starts no process", async () => {
    const world = notifyWorld(null);
    const { deps, started } = telling(world);
    world.end("w1");
    await tell(deps);
    expect(started).toEqual([]);
    expect(world.rows()).toMatchObject([{ kind: "termination:green", wait_id: "w1", deliveries: [], closed: true }]);
  });

  test("starts one process for what waits for delivery", async () => {
    const world = notifyWorld([{ type: "webhook", url: "http://127.0.0.1:9" }]);
    const { deps, started } = telling(world);
    world.end("w1");
    await tell(deps);
    expect(started).toHaveLength(1);
  });

  test("tellLeftovers() finds what a killed process left, and leaves a channel that is down alone for five minutes", async () => {
    const world = notifyWorld([{ type: "webhook", url: "http://127.0.0.1:9" }]);
    const { deps, started } = telling(world);
    world.end("w1");
    await tellLeftovers(deps);
    await tellLeftovers(deps);
    expect(started).toHaveLength(1);
    await tellLeftovers({ ...deps, clock: jumpingClock(Date.now() + 6 * 60_000) });
    expect(started).toHaveLength(2);
  });

  test("tellLeftovers() never fails a command", async () => {
    const world = notifyWorld([{ type: "webhook", url: "http://127.0.0.1:9" }]);
    world.end("w1");
    const failing = { ...world.deps, startDelivery: () => Promise.reject(new Error("no process")) };
    await expect(tellLeftovers(failing)).resolves.toBeUndefined();
  });

  test("is told of nothing twice by two collectors at once", async () => {
    const world = notifyWorld([{ type: "webhook", url: "http://127.0.0.1:9" }]);
    for (let i = 0; i < 20; i++) world.end(`w${i}`);
    await Promise.all(Array.from({ length: 5 }, () => collectNotices(world.home, world.clock)));
    expect(world.rows()).toHaveLength(20);
  });
});

test("a channel that is down holds up no other: what ends meanwhile is told through the rest at once", async () => {
  const up = await receiver();
  const down = await receiver(() => "cut");
  const world = notifyWorld([
    { type: "webhook", name: "down", url: down.url },
    { type: "webhook", name: "up", url: up.url },
  ]);
  const stop = new AbortController();
  const { clock } = world;
  // A pause at a channel that is down lasts until the test is over.
  const sleep = (ms: number, signal?: AbortSignal) =>
    signal === stop.signal ? systemClock.sleep(60_000, signal) : clock.sleep(ms, signal);
  world.end("first");
  const run = deliverOpen({ ...world.deps, clock: { ...clock, sleep } }, { signal: stop.signal });
  await expect.poll(() => up.received.length).toBe(1);
  world.end("second");
  await expect.poll(() => up.received.length).toBe(2);
  stop.abort();
  await run;
});

test("what was delivered while the disk was full is written down when there is room, and nothing else is sent meanwhile", async () => {
  const { renameSync, symlinkSync, unlinkSync } = await import("node:fs");
  let roomAgain = Number.POSITIVE_INFINITY;
  const at: number[] = [];
  const server = await receiver((_, count) => {
    at.push(Date.now());
    if (count === 1) {
      renameSync(world.files.notify, `${world.files.notify}.aside`);
      symlinkSync("/dev/full", world.files.notify);
      setTimeout(() => {
        unlinkSync(world.files.notify);
        renameSync(`${world.files.notify}.aside`, world.files.notify);
        roomAgain = Date.now();
      }, 1_200);
    }
    return { status: 200 };
  });
  const world = notifyWorld([{ type: "webhook", url: server.url }]);
  world.end("first");
  world.end("second");
  await deliverOpen(world.deps);
  expect(world.tried()).toEqual(["webhook: ok", "webhook: ok"]);
  expect(at).toHaveLength(2);
  expect(at[1]).toBeGreaterThanOrEqual(roomAgain);
});

test("a script that a repository's channel runs is trusted with its text: a change asks again", async () => {
  const world = notifyWorld(null);
  mkdirSync(join(world.home, ".control"), { recursive: true });
  const policy = "ci_watch:\n  notify:\n    - type: command\n      cmd: sh tell.sh\nci_heal: {}\n";
  writeFileSync(join(world.home, ".control", "policy.yaml"), policy);
  const script = join(world.home, "tell.sh");
  writeFileSync(script, "echo one >> told\n");
  const place = { home: world.home, env: world.deps.env, cwd: world.home };
  const deps = { ...world.deps, trusted: () => trustedAt(place) };
  const [subject] = await channelSubjects(place);
  if (!subject) throw new Error("The channel asks for no trust");
  await grant(place, [await askedAbout(place, subject)], 0);
  const told = () => readFileSync(join(world.home, "told"), "utf8");
  world.end("first", { extra: { cwd: world.home } });
  await deliverOpen(deps);
  expect(told()).toBe("one\n");
  writeFileSync(script, "echo two >> told\n");
  world.end("second", { extra: { cwd: world.home } });
  await deliverOpen(deps);
  expect(told()).toBe("one\n");
});

test("tellLeftovers() waits for nobody who holds the lock for long, and loses nothing by it", async () => {
  const world = notifyWorld(null);
  world.end("w1");
  const deps = { ...world.deps, startDelivery: async () => {} };
  let release = () => {};
  const held = withLock(world.files.notifyLock, () => new Promise<void>((resolve) => (release = resolve)));
  await tellLeftovers(deps);
  expect(world.rows()).toEqual([]);
  release();
  await held;
  await tellLeftovers(deps);
  expect(world.rows()).toMatchObject([{ wait_id: "w1", closed: true }]);
});
