import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { eventually, type Sandbox, sandbox, untilFile } from "../../../helpers/p9.ts";
import { isAlive, processesWith } from "../../../helpers/processes.ts";

interface Recovered {
  readonly wait_id: string;
  readonly what: string;
  readonly reason: string;
  readonly pid: number | null;
}

/** A build whose watcher was killed hard; the build itself goes on. */
async function orphan(box: Sandbox, script: string) {
  const { stdout } = await box.p9(["watch", "build", "--background", "--json", "--", "sh", "-c", script]);
  const { pid, wait_id } = JSON.parse(stdout);
  await eventually("the build has started", () => box.events().some(({ type }) => type === "wait.pinned"));
  process.kill(pid, "SIGKILL");
  await eventually("the watcher is dead", () => !isAlive(pid));
  return { wait_id: String(wait_id), pid: Number(pid) };
}
const rearm = (box: Sandbox, ...args: string[]) => box.json<{ rearmed: Recovered[] }>(["rearm", ...args]);
const stateOf = (box: Sandbox, id: string) =>
  box
    .events()
    .filter(({ type, wait_id }) => type === "transition" && wait_id === id)
    .at(-1)?.to_state;

test("rearm waits for the grace, --now does not, --dry-run only says, and twice is once", async () => {
  const box = sandbox();
  const { wait_id } = await orphan(box, "sleep 60");
  expect((await rearm(box)).rearmed).toMatchObject([{ wait_id, what: "waiting" }]);
  expect((await rearm(box, "--now", "--dry-run")).rearmed).toMatchObject([{ wait_id, what: "re-armed", pid: null }]);
  expect(box.events().filter(({ type, cause }) => type === "wait.lease" && cause === "re-armed")).toEqual([]);
  const { rearmed } = await rearm(box, "--now");
  expect(rearmed).toMatchObject([{ wait_id, what: "re-armed", pid: expect.any(Number) }]);
  await eventually("it is watched again", async () => (await rearm(box, "--now")).rearmed.length === 0);
  expect((await box.p9(["rearm", "--now"])).stdout).toBe("nothing to re-arm: every wait has its watcher\n");
});

test("two rearms at once start one watcher", async () => {
  const box = sandbox();
  const { wait_id } = await orphan(box, "sleep 60");
  await Promise.all([rearm(box, "--now"), rearm(box, "--now"), rearm(box, "--now")]);
  const leases = () => box.events().filter(({ type, pid }) => type === "wait.lease" && pid !== 0);
  await eventually("it is watched again", () => leases().length >= 2);
  await eventually("nobody is left over", async () => (await rearm(box, "--now")).rearmed.length === 0);
  expect(leases().filter((lease) => lease.wait_id === wait_id)).toHaveLength(2);
});

test("one driver is started, however many waits have lost theirs", async () => {
  const box = sandbox();
  const ports = [1, 2, 3, 4];
  for (const port of ports) await box.p9(["watch", "http", `http://127.0.0.1:${port}/`, "--background"]);
  const driver = () => processesWith(box.dir);
  await eventually("they are watched", () => box.events().filter(({ type }) => type === "wait.lease").length >= 4);
  for (const pid of driver()) process.kill(pid, "SIGKILL");
  await eventually("the driver is dead", () => driver().length === 0);
  const { rearmed } = await rearm(box, "--now");
  expect(rearmed.map(({ what }) => what)).toEqual(ports.map(() => "re-armed"));
  expect(new Set(rearmed.map(({ pid }) => pid)).size).toBe(1);
});

test("reap looks once more: what ended meanwhile is told as it ended", async () => {
  const box = sandbox();
  const { wait_id } = await orphan(box, `${untilFile("go")}; exit 3`);
  box.write("go", "");
  await eventually("the build has ended", () => processesWith(box.dir).length === 0);
  const { stdout, stderr, code } = await box.p9(["reap", "--now", "--json"]);
  expect(code).toBe(0);
  expect(JSON.parse(stdout).reaped).toMatchObject([{ wait_id, to_state: "RED_UNCLASSIFIED" }]);
  expect(stderr.match(/P9-TERMINATION-REPORT/g)).toHaveLength(1);
});

test("reap gives a new watcher to what still runs", async () => {
  const box = sandbox();
  const { wait_id } = await orphan(box, "sleep 60");
  const { stdout } = await box.p9(["reap", "--now", "--json"]);
  expect(JSON.parse(stdout)).toMatchObject({ reaped: [], others: [{ wait_id, what: "re-armed" }] });
  await eventually("it is watched again", async () => (await rearm(box, "--now")).rearmed.length === 0);
  expect(stateOf(box, wait_id)).toBe("WATCHING");
});

test("reap ends what can no longer be looked at, and says why", async () => {
  const box = sandbox();
  mkdirSync(box.home, { mode: 0o700 });
  const row = {
    type: "transition",
    ts: "2026-01-01T00:00:00+00:00",
    wait_id: "w1",
    kind: "no-such-kind",
    ref: "old",
    pr: null,
    repo: null,
  };
  const rest = {
    sha: null,
    watcher_id: "x",
    attempt: 0,
    evaluator_score: null,
    session_id: "s",
    extra: { pid: 999999, key: "k", pin: {} },
  };
  writeFileSync(
    join(box.home, "state.jsonl"),
    `${JSON.stringify({ ...row, from_state: null, to_state: "PUSHED", ...rest })}\n${JSON.stringify({ ...row, from_state: "PUSHED", to_state: "WATCHING", ...rest })}\n`,
  );
  const { stderr, code } = await box.p9(["reap"]);
  expect(code).toBe(0);
  expect(stderr).toContain('"cause":"reaped:dead-watcher"');
  expect(stderr).toContain("no-such-kind");
  expect(stateOf(box, "w1")).toBe("ABANDONED");
});

test("a driver for a service manager takes up what is open and hands it back when it is stopped", async () => {
  const box = sandbox();
  const { wait_id } = await orphan(box, "sleep 60");
  const drive = box.start(["drive"], { env: { BROOMVA_P9_WATCHER_GRACE: "0" } });
  await eventually("the wait has a watcher", () =>
    box
      .events()
      .some((event) => event.type === "wait.lease" && event.wait_id === wait_id && event.cause === "re-armed"),
  );
  drive.kill("SIGTERM");
  expect((await drive.ended).code).toBe(0);
});
