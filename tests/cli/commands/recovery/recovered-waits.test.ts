// needs: time, gh
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { systemProcesses } from "../../../../src/process/this-machine.ts";
import { readLook } from "../../../../src/watch/engine/look-file.ts";
import { eventually, type Sandbox, sandbox } from "../../../helpers/p9.ts";
import { isAlive } from "../../../helpers/processes.ts";
import { startGitHub } from "../../../servers/github/mod.ts";
import { row } from "../../../stats/sample.ts";

const AT_ONCE = { BROOMVA_P9_WATCHER_GRACE: "0" };

interface Row {
  readonly wait_id: string;
  readonly to_state: string;
  readonly alive: boolean;
  readonly extra: {
    readonly pid?: number;
    readonly outcome?: string;
    readonly cause?: string;
    readonly active_used?: number;
  };
}

function transitions(user: Sandbox): Row[] {
  return user.events().filter((event) => event.type === "transition") as unknown as Row[];
}

function leases(user: Sandbox, cause: string) {
  return user.events().filter((event) => event.type === "wait.lease" && event.cause === cause);
}

/** Registers a watch in the background and kills what watches it. */
async function killed(user: Sandbox, args: readonly string[], env: Record<string, string> = {}): Promise<string> {
  const { wait_id } = await user.json<{ wait_id: string }>(["watch", "--background", ...args], { env });
  const owner = async () => {
    const { open_prs, open_waits } = await user.json<{ open_prs: Row[]; open_waits: Row[] }>(["status", "--no-reap"], {
      env,
    });
    return [...open_prs, ...open_waits].find((one) => one.wait_id === wait_id && one.alive)?.extra.pid ?? 0;
  };
  await eventually("somebody watches", async () => (await owner()) > 0);
  const pid = await owner();
  process.kill(pid, "SIGKILL");
  await eventually("the watcher is gone", () => !isAlive(pid));
  return wait_id;
}

describe("a watcher that was killed", () => {
  test("a pull request that went green meanwhile is GREEN with the next command, and told once", async () => {
    const github = await startGitHub();
    onTestFinished(() => github.stop());
    const user = sandbox();
    const pull = github.world.repo("octo/app").pull(42);
    pull.head.checks({ name: "ci", starts: 0, ends: null });
    user.write(".control/policy.yaml", "ci_watch:\n  settle: 0\nci_heal: {}\n");
    await killed(user, ["42", "--repo", "octo/app"], github.env);
    pull.head.endChecks();
    const env = { ...github.env, ...AT_ONCE };
    await Promise.all([
      user.p9(["status"], { env }),
      user.p9(["status"], { env }),
      user.p9(["rearm", "--now"], { env }),
    ]);
    await eventually("it is GREEN", () => transitions(user).some(({ to_state }) => to_state === "GREEN"));
    expect(transitions(user).map(({ to_state }) => to_state)).toEqual(["PUSHED", "WATCHING", "GREEN"]);
    expect(leases(user, "re-armed")).toHaveLength(1);
  });

  test("a command goes on in the directory that it was registered in, whoever re-arms it from wherever", async () => {
    const user = sandbox();
    await killed(user, ["command", "flag", "--interval", "1", "--cmd", "test -f ./done.flag"]);
    expect((await user.p9(["rearm", "--now"], { cwd: "/" })).code).toBe(0);
    user.write("done.flag", "");
    await eventually("it succeeds", () => transitions(user).some(({ extra }) => extra.outcome === "succeeded"));
  });

  test("watch --adopt takes it up within the grace; without, and while a watcher lives, a second watch is refused", async () => {
    const user = sandbox();
    const args = ["command", "flag", "--interval", "1", "--cmd", "test -f ./done.flag"];
    const id = await killed(user, args);
    const refused = await user.p9(["watch", "--background", ...args]);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining(id)]);
    const adopted = await user.json<{ wait_id: string }>(["watch", "--background", "--adopt", ...args]);
    expect(adopted.wait_id).toBe(id);
    user.write("done.flag", "");
    await eventually("it succeeds", () => transitions(user).some(({ extra }) => extra.outcome === "succeeded"));
    expect(transitions(user).filter(({ to_state }) => to_state === "GREEN")).toHaveLength(1);
  });

  test("rearm works when the directory is gone", { timeout: 180_000 }, async () => {
    const user = sandbox();
    const gone = join(user.dir, "gone");
    mkdirSync(gone);
    const github = await startGitHub();
    onTestFinished(() => github.stop());
    user.write("../state/config.yaml", "ci_watch:\n  settle: 0\nci_heal: {}\n");
    const { head } = github.world.repo("octo/app").pull(1);
    head.checks({ name: "ci", starts: 0, ends: null });
    const env = { ...github.env, ...AT_ONCE };
    await user.p9(["watch", "1", "--repo", "octo/app", "--background"], { env, cwd: gone });
    rmSync(gone, { recursive: true });
    head.endChecks();
    await eventually("it is GREEN", async () => {
      await user.p9(["rearm", "--now"], { env });
      return transitions(user).some(({ to_state }) => to_state === "GREEN");
    });
  });
});

/** A home whose log says that processes which are not there watch these. */
function dead(rows: readonly object[]): Sandbox {
  const user = sandbox();
  mkdirSync(user.home);
  writeFileSync(join(user.home, "state.jsonl"), rows.map((entry) => `${JSON.stringify(entry)}\n`).join(""));
  return user;
}

/** Rows of a wait that was registered an hour ago. */
function watched(id: string, more: Parameters<typeof row>[4] = {}): object[] {
  const at = Date.now() - 3_600_000;
  return [row(id, at, null, "PUSHED", more), row(id, at, "PUSHED", "WATCHING", more)];
}

test("a deadline goes on where it stood: neither the time while nobody watched nor a new start counts", async () => {
  const pin = { ref: "never", key: "command:never", identity: { cmd: "exit 1" }, complete: true };
  const extra = { pid: 999_999, pid_start: "1", boot_id: "gone", pin, key: pin.key, cwd: "/", deadline: 600 };
  const never = (id: string, used: number) => {
    const key = `command:${id}`;
    const own = { ...extra, key, pin: { ...pin, ref: id, key }, active_used: used };
    return watched(id, { kind: "command", ref: id, pr: null, repo: null, extra: own });
  };
  const user = dead([...never("fresh", 1), ...never("old", 599)]);
  await user.p9(["rearm", "--now"]);
  const ending = () => transitions(user).find(({ extra: { outcome } }) => outcome === "timed_out");
  await eventually("the one that has used its time up is timed out", () => ending() !== undefined);
  expect(ending()?.wait_id).toBe("old");
  expect(ending()?.extra.active_used).toBeGreaterThanOrEqual(600);
  await eventually("the other one is looked at", () => readLook(join(user.home, "looks"), "fresh") !== null);
  expect(transitions(user).findLast(({ wait_id }) => wait_id === "fresh")?.to_state).toBe("WATCHING");
});

describe("what cannot be looked at again", () => {
  const processes = systemProcesses.self();

  test("a pull request without a repository is folded by reap and never guessed, and stops nobody else", async () => {
    const pin = { ref: "flag", key: "command:flag", identity: { cmd: "true" }, complete: true };
    const extra = { pid: 999_999, pid_start: "1", boot_id: processes.boot_id, pin, key: "command:flag" };
    const user = dead([
      ...watched("norepo", { repo: null, extra }),
      ...watched("nokind", { kind: "teleport", ref: "x", pr: null, repo: null, extra }),
      ...watched("nopin", { kind: "command", ref: "x", pr: null, extra: { pid: 999_999 } }),
      ...watched("fine", { kind: "command", ref: "flag", pr: null, repo: null, extra: { ...extra, cwd: "/" } }),
    ]);
    const { code } = await user.p9(["reap", "--now"], { env: { BROOMVA_P9_REPO: "octo/app" } });
    expect(code).toBe(0);
    await eventually("the one that can be looked at ends as it ended", () =>
      transitions(user).some(({ wait_id, extra: { outcome } }) => wait_id === "fine" && outcome === "succeeded"),
    );
    const folded = transitions(user).filter(({ to_state }) => to_state === "ABANDONED");
    expect(folded.map(({ wait_id }) => wait_id).sort()).toEqual(["nokind", "nopin", "norepo"]);
    expect(
      folded.every(({ extra: { cause, outcome } }) => cause === "reaped:dead-watcher" && outcome === "unknown"),
    ).toBe(true);
    const { reports } = await user.json<{ reports: { wait_id: string }[] }>(["report"]);
    expect(reports).toHaveLength(4);
  });

  test("a process id that another process has now is not the watcher", async () => {
    const pin = { ref: "flag", key: "command:flag", identity: { cmd: "true" }, complete: true };
    const recycled = { ...processes, pid_start: "1", pin, key: "command:flag", cwd: "/" };
    const user = dead(watched("w1", { kind: "command", ref: "flag", pr: null, repo: null, extra: recycled }));
    const { open_waits } = await user.json<{ open_waits: Row[] }>(["status", "--no-reap"]);
    expect(open_waits[0]?.alive).toBe(false);
    await user.p9(["status"]);
    await eventually("it is watched again", () => transitions(user).some(({ extra }) => extra.outcome === "succeeded"));
  });

  test("a watcher of before the last boot is dead", async () => {
    const extra = { ...processes, boot_id: "00000000-0000-0000-0000-000000000000" };
    const user = dead(watched("w1", { kind: "deploy", ref: "web", pr: null, extra }));
    const { open_waits } = await user.json<{ open_waits: Row[] }>(["status", "--no-reap"]);
    expect(open_waits[0]?.alive).toBe(false);
  });

  test("reap --no-reconcile asks nobody and folds; within the grace it leaves a wait alone", async () => {
    const extra = {
      pid: 999_999,
      pid_start: "1",
      boot_id: processes.boot_id,
      key: "k",
      pin: { ref: "#42", key: "k", identity: {}, complete: true },
    };
    const user = dead(watched("w1", { extra }));
    await user.p9(["reap", "--no-reconcile"], { env: { BROOMVA_P9_WATCHER_GRACE: "7200" } });
    expect(transitions(user).at(-1)?.to_state).toBe("WATCHING");
    await user.p9(["reap", "--no-reconcile", "--now"]);
    expect(transitions(user).at(-1)).toMatchObject({ to_state: "ABANDONED", extra: { cause: "reaped:dead-watcher" } });
  });
});
