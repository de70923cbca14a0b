// needs: time, gh
import { spawn } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type HealWorld, healWorld, UNTIL_GO } from "../../../e2e/heal/world.ts";
import { eventually, programOf } from "../../../helpers/p9.ts";
import { connect } from "./clients.ts";

const LINT_LOG = [
  "/w/src/a.js",
  "  1:1  error  x  semi",
  "✖ 1 problem (1 error, 0 warnings)",
  "  1 error and 0 warnings potentially fixable with the `--fix` option.",
];

const FIX = "printf 'good\\n' > notes.txt";

/** A pull request that is red, and becomes green by `npm run lint:fix`, which is `fix`, with a client in its checkout. */
async function redWorld(fix = FIX) {
  const seen = new Set<string>();
  const lint = {
    name: "lint",
    command: "npx eslint .",
    // Only the first commit is red.
    scripted: (_: number, sha: string) => ({ lines: LINT_LOG, exit: seen.add(sha).size === 1 ? 1 : 0 }),
  };
  const scripts = { lint: "grep -q good notes.txt", "lint:fix": fix };
  const world = await healWorld({
    files: { "package.json": `${JSON.stringify({ name: "app", private: true, scripts })}\n`, "notes.txt": "start\n" },
    change: { "notes.txt": "bad\n" },
    jobs: [lint],
  });
  await world.user.p9(["watch", "42", "--interval", "1"], { env: world.env, cwd: world.checkout });
  // As in a session whose hooks trace what git does.
  const trace = join(world.user.home, "inbox", "one", "trace");
  mkdirSync(trace, { recursive: true });
  const traced = { BROOMVA_P9_SESSION_OF: "one", GIT_TRACE2_EVENT: trace };
  const { call } = await connect(world.user, { env: { ...world.env, ...traced }, cwd: world.checkout });
  return { world, call, trace };
}

test("a repair that nobody trusted is refused as the command refuses it, and nothing is pushed", async () => {
  const { world, call } = await redWorld();
  const before = world.head();
  const { isError, of } = await call("heal_apply", { pr: 42 });
  const { code, stderr } = await world.user.p9(["heal", "42", "--apply"], { env: world.env, cwd: world.checkout });
  expect({ isError, exit: of.exit }).toEqual({ isError: true, exit: code });
  expect(code).toBe(7);
  expect(stderr).toContain(String(Array.isArray(of.messages) ? of.messages.at(-1) : ""));
  expect(world.head()).toBe(before);
});

test("what failed is said, its log shown, and once it is trusted repaired, pushed and watched to green", async () => {
  const { world, call, trace } = await redWorld();
  await world.trust();
  expect((await call("heal_classify", { pr: 42 })).of).toMatchObject({
    exit: 0,
    failure_type: "lint",
    classified: true,
    heal_command: "npm run lint:fix",
  });
  const { of: logs } = await call("logs", { target: "42", lines: 2 });
  expect(logs).toMatchObject({ exit: 0, jobs: [{ job: "lint", lines: [expect.anything(), expect.anything()] }] });
  expect(logs.messages).toEqual(expect.arrayContaining([expect.stringMatching(/earlier lines? left out/)]));
  const before = world.head();
  expect((await call("heal_apply", { pr: 42, dry_run: true })).of).toMatchObject({ exit: 0, did: "would" });
  expect(world.head()).toBe(before);
  let healed = await call("heal_apply", { pr: 42 });
  while (healed.of.call_again) healed = await call("heal_apply", { pr: 42 });
  expect(healed.of).toMatchObject({ exit: 0, did: "pushed", heal_command: "npm run lint:fix" });
  expect(world.file("notes.txt")).toBe("good");
  // The agent has pushed nothing: no hook is to take the repair's push for its own.
  expect(readdirSync(trace)).toEqual([]);
  let end = await call("wait", { wait: "42" });
  while (end.of.call_again) end = await call("wait", { wait: "42" });
  expect(end.of).toMatchObject({ exit: 0, state: "GREEN" });
  expect((await call("report", { pr: 42 })).of.reports).toMatchObject([
    { state: "GREEN" },
    { state: "RED_CLASSIFIED" },
  ]);
});

test("a repair goes on when its call is cancelled, and the next call joins it", async () => {
  const { world, call } = await redWorld(`${UNTIL_GO}; ${FIX}`);
  await world.trust();
  const before = world.head();
  const cancel = new AbortController();
  const cancelled = call("heal_apply", { pr: 42 }, { signal: cancel.signal });
  await eventually("it heals", () => world.state() === "HEALING");
  cancel.abort();
  await expect(cancelled).rejects.toThrow();
  const joined = call("heal_apply", { pr: 42 });
  world.go();
  expect((await joined).of).toMatchObject({ exit: 0, did: "pushed" });
  expect(world.head()).not.toBe(before);
  const healings = world.user.events().filter(({ to_state }) => to_state === "HEALING");
  expect(healings).toHaveLength(1);
});

test("a repair whose client leaves is stopped and says so, nothing is pushed, and the next finds everything free", async () => {
  const { world } = await redWorld(`${UNTIL_GO}; ${FIX}`);
  await world.trust();
  const before = world.head();
  const server = startServer(world);
  server.say(1, "initialize", {
    protocolVersion: "2025-06-18",
    capabilities: {},
    clientInfo: { name: "x", version: "1" },
  });
  server.say(2, "tools/call", { name: "heal_apply", arguments: { pr: 42 } });
  await eventually("it heals", () => world.state() === "HEALING");
  // No signal: only its input ends.
  server.leave();
  expect(await server.ended).toBe(0);
  expect(world.state()).not.toBe("HEALING");
  world.go();
  expect(world.head()).toBe(before);
  const { code } = await world.user.p9(["heal", "42", "--apply"], { env: world.env, cwd: world.checkout });
  expect(code).toBe(0);
  expect(world.head()).not.toBe(before);
});

/** A server whose input is written by hand. */
function startServer({ user, env, checkout: cwd }: HealWorld) {
  const [command = "", ...args] = programOf("node");
  const child = spawn(command, [...args, "mcp"], {
    cwd,
    env: { ...user.env, ...env },
    stdio: ["pipe", "ignore", "inherit"],
  });
  return {
    say: (id: number, method: string, params: object) =>
      child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`),
    leave: () => child.stdin.end(),
    ended: new Promise<number | null>((resolve) => child.once("exit", resolve)),
  };
}
