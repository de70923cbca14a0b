import { existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { drive } from "../../../src/watch/owner/driver.ts";
import { OwnNote, readNote } from "../../../src/watch/owner/driver-note.ts";
import { stuckDrivers } from "../../../src/watch/owner/stuck-driver.ts";
import { eventually, type Sandbox, sandbox } from "../../helpers/p9.ts";
import { scriptedKind, world } from "../world.ts";

/** A server that is not there yet (503), until it is told to be. */
async function serve() {
  const state = { status: 503, asked: 0 };
  const server = createServer((_, response) => {
    state.asked += 1;
    response.writeHead(state.status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { state, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}

const notesOf = (user: Sandbox) => {
  const folder = join(user.home, "drivers");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => ({ path: join(folder, name), note: JSON.parse(readFileSync(join(folder, name), "utf8")) }));
};

/** The note of the only driver, once it has turned. */
async function noteOf(user: Sandbox) {
  await eventually("the driver turns", () => notesOf(user)[0]?.note.turns === true);
  return notesOf(user)[0] ?? { path: "", note: {} };
}

const isThere = (pid: number) => {
  try {
    process.kill(pid, 0);
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
};

/** As if a minute and more had passed since the driver noted that it turns. */
function age({ path }: { path: string }): void {
  const before = Date.now() / 1000 - 120;
  utimesSync(path, before, before);
}

const watched = {
  "a shared driver": (url: string) => ["watch", "http", url, "--background", "--interval", "1", "--json"],
  "the process of one wait": (url: string) => [
    ...["watch", "command", "--background", "--interval", "1", "--json"],
    ...["--", "sh", "-c", `curl -fs ${url} >/dev/null && exit 0; exit 1`],
  ],
};

describe.each(["node", "deno"] as const)("a driver on %s that is stopped for more than a minute", (runtime) => {
  test.each(Object.entries(watched))("is replaced by the next command: %s", async (_what, argv) => {
    const { state, url } = await serve();
    const user = sandbox();
    expect(await user.p9(argv(url), { runtime })).toMatchObject({ code: 0 });
    const found = await noteOf(user);
    process.kill(found.note.pid, "SIGSTOP");
    age(found);
    expect((await user.p9(["status", "--json"], { runtime })).code).toBe(0);
    expect(isThere(found.note.pid)).toBe(false);
    state.status = 200;
    await eventually("the wait is green", () => user.events().at(-1)?.to_state === "GREEN");
    const leases = user.events().filter(({ type, cause }) => type === "wait.lease" && cause === "stuck");
    expect(leases).toHaveLength(1);
  });
});

test("a driver that turns is left alone, and so is one that has been stopped for less than a minute", async () => {
  const { state, url } = await serve();
  const user = sandbox();
  await user.p9(watched["a shared driver"](url));
  const found = await noteOf(user);
  process.kill(found.note.pid, "SIGSTOP");
  await user.p9(["status"]);
  expect(isThere(found.note.pid)).toBe(true);
  process.kill(found.note.pid, "SIGCONT");
  state.status = 200;
  await eventually("the wait is green", () => user.events().at(-1)?.to_state === "GREEN");
  expect(user.events().filter(({ cause }) => cause === "stuck")).toEqual([]);
});

/** A driver in this process, with a chance to act at each of its pauses. */
async function driven(act: (w: ReturnType<typeof world>, turn: number, stop: () => void) => void) {
  const w = world(scriptedKind([{ status: "running", reason: "not yet" }]));
  await w.register({ mode: "background" });
  const controller = new AbortController();
  let turn = 0;
  w.clock.sleep = async (ms: number) => {
    w.clock.advance(ms);
    await new Promise(setImmediate);
    turn += 1;
    if (turn > 2_000) controller.abort("test");
    act(w, turn, () => controller.abort("test"));
  };
  await drive(w.deps, { onDemand: false, signal: controller.signal, report: () => {} });
  return { w, turns: turn };
}

const noteFile = (w: ReturnType<typeof world>) => {
  const folder = w.store.paths.drivers;
  return join(folder, readdirSync(folder).find((name) => name.endsWith(".json")) ?? "");
};

test("a driver whose place was taken ends without a word in the log, and leaves the other's note", async () => {
  let log = 0;
  const { w, turns } = await driven((world, turn) => {
    if (turn !== 20) return;
    world.processes.running.set(200, "s200");
    const other = {
      pid: 200,
      pid_start: "s200",
      boot_id: "boot-1",
      version: "1.0.0",
      turns: true,
    };
    writeFileSync(noteFile(world), JSON.stringify(other));
    world.clock.advance(10 * 60_000);
    log = statSync(world.store.paths.state).size;
  });
  expect(turns).toBeLessThan(30);
  expect(statSync(w.store.paths.state).size).toBe(log);
  expect(JSON.parse(readFileSync(noteFile(w), "utf8")).pid).toBe(200);
});

test("a machine that slept has no dead driver once it has turned", async () => {
  let before: readonly unknown[] = [];
  let after: readonly unknown[] = ["never asked"];
  await driven((w, turn, stop) => {
    // As another process sees it.
    const seen = () =>
      stuckDrivers({
        ...w.deps,
        processes: { ...w.processes, self: () => ({ pid: 9, pid_start: "s9", boot_id: "boot-1" }) },
      });
    if (turn === 20) {
      w.clock.jump(3_600_000);
      before = seen();
    }
    if (turn === 21) {
      after = seen();
      stop();
    }
  });
  expect(before).toHaveLength(1);
  expect(after).toEqual([]);
});

test("a driver notes that it turns three times a minute and no more", () => {
  const w = world(scriptedKind([]));
  const note = new OwnNote(w.deps, "env");
  const written = new Set<number | null | undefined>();
  for (let second = 0; second < 60; second += 1) {
    expect(note.turn()).toBe(true);
    written.add(readNote(w.deps, "env")?.turnedAt);
    w.clock.advance(1_000);
  }
  expect(written.size).toBe(3);
});
