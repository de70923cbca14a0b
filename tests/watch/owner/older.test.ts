// needs: time
import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { systemClock } from "../../../src/base/clock.ts";
import { nextOwner } from "../../../src/core/owner.ts";
import { systemProcesses } from "../../../src/process/this-machine.ts";
import { livenessOf } from "../../../src/watch/owner/liveness.ts";
import { isOlderVersion, replaceOlder } from "../../../src/watch/owner/older.ts";
import { eventually, ROOT, type Sandbox, sandbox, untilFile } from "../../helpers/p9.ts";
import { isAlive } from "../../helpers/processes.ts";
import { scriptedKind, world } from "../world.ts";

/** The program of this build as a version before it, in a folder of its own: where it is, and how it is run. */
function olderProgram(user: Sandbox) {
  const dir = join(user.dir, "older");
  mkdirSync(dir);
  cpSync(join(ROOT, "dist"), join(dir, "dist"), { recursive: true });
  cpSync(join(ROOT, "package.json"), join(dir, "package.json"));
  symlinkSync(join(ROOT, "node_modules"), join(dir, "node_modules"));
  let patched = 0;
  for (const name of readdirSync(join(dir, "dist")).filter((file) => file.endsWith(".js"))) {
    const text = readFileSync(join(dir, "dist", name), "utf8");
    const older = text.replace(/VERSION="[\d.]+"/, 'VERSION="0.9.0"');
    if (older === text) continue;
    writeFileSync(join(dir, "dist", name), older);
    patched += 1;
  }
  expect(patched).toBeGreaterThan(0);
  const run = (...args: readonly string[]) =>
    new Promise<number | null>((resolve, reject) => {
      const child = spawn("node", [join(dir, "dist", "p9.js"), ...args], {
        cwd: user.work,
        env: user.env,
        stdio: "ignore",
      });
      child.once("error", reject);
      child.once("close", resolve);
    });
  return { dir, run };
}

const leases = (user: Sandbox) => user.events().filter(({ type }) => type === "wait.lease");
const endings = (user: Sandbox, ref: string) =>
  user
    .events()
    .filter(
      (row) =>
        row.ref === ref && row.type === "transition" && row.to_state !== "WATCHING" && row.from_state === "WATCHING",
    );

/** An older p9 that watches an address and a build in the background; resolves with its pids once it looks at both. */
async function watchedByOlder(user: Sandbox, older: ReturnType<typeof olderProgram>): Promise<readonly number[]> {
  const go = join(user.work, "go");
  expect(await older.run("watch", "http", "http://127.0.0.1:1/", "--background", "--interval", "1")).toBe(0);
  expect(await older.run("watch", "build", "--background", "--", "sh", "-c", `${untilFile(go)}; exit 2`)).toBe(0);
  // A process that has looked once has loaded all that it needs for the next look.
  const looks = join(user.home, "looks");
  await eventually("both were looked at", () => existsSync(looks) && readdirSync(looks).length >= 2);
  return leases(user).map(({ pid }) => Number(pid));
}

test("the next command hands what an older p9 watches to this one, and nothing ends or starts twice", async () => {
  const user = sandbox();
  const pids = await watchedByOlder(user, olderProgram(user));
  expect((await user.p9(["status"])).code).toBe(0);
  await eventually("this p9 watches both", () => {
    const current = leases(user).filter(
      ({ watcher_version }) => watcher_version !== "0.9.0" && watcher_version !== undefined,
    );
    return new Set(current.map(({ wait_id }) => wait_id)).size === 2;
  });
  await eventually("the older ones have ended", () => !pids.some(isAlive));
  const handed = leases(user).length;
  expect((await user.p9(["status"])).code).toBe(0);
  expect(leases(user).length).toBe(handed);
  user.write("go", "");
  const build = `sh -c ${untilFile(join(user.work, "go"))}; exit 2`;
  await eventually("the build has ended", () => endings(user, build).length > 0);
  expect(endings(user, build)).toMatchObject([{ to_state: "RED_UNCLASSIFIED", extra: { outcome: "failed" } }]);
});

test("what an older p9 watches whose files are gone is taken over at once, without the grace of one that was killed", async () => {
  const user = sandbox();
  const older = olderProgram(user);
  await watchedByOlder(user, older);
  const began = leases(user).length;
  rmSync(join(older.dir, "dist"), { recursive: true });
  expect((await user.p9(["status"], { env: { BROOMVA_P9_WATCHER_GRACE: "3600" } })).code).toBe(0);
  await eventually("this p9 watches both", () => {
    const since = leases(user).slice(began);
    return new Set(since.filter(({ pid }) => pid !== 0).map(({ wait_id }) => wait_id)).size === 2;
  });
});

test("a registration takes the place of an older driver, and a newer one is left alone", async () => {
  const user = sandbox();
  const older = olderProgram(user);
  const [driver = 0] = await watchedByOlder(user, older);
  await user.json(["watch", "http", "http://127.0.0.1:1/other", "--background"]);
  await eventually("the older driver has ended", () => !isAlive(driver));
  await eventually("all three are watched by this p9", () => {
    const last = new Map(leases(user).map((lease) => [lease.wait_id, lease]));
    return (
      last.size === 3 &&
      [...last.values()].every(({ pid, watcher_version }) => pid !== 0 && watcher_version !== "0.9.0")
    );
  });
  const settled = leases(user).length;
  expect(await older.run("status")).toBe(0);
  expect(leases(user).length).toBe(settled);
});

test("replaceOlder() frees at once what an older watcher leaves that ends without handing anything back", async () => {
  const w = world(scriptedKind([]));
  const { wait } = await w.register({ mode: "background" });
  const child = spawn("sleep", ["600"], { stdio: "ignore" });
  const pid = child.pid ?? 0;
  const older = { pid, pid_start: systemProcesses.inspect(pid).start, boot_id: systemProcesses.bootId() };
  const lease = { type: "wait.lease", wait_id: wait.wait_id, ...nextOwner(wait, older), cause: "started" } as const;
  await w.store.commit(() => [lease]);
  const deps = { ...w.deps, processes: systemProcesses, clock: systemClock };
  await replaceOlder(older, deps, new AbortController().signal);
  expect(isAlive(pid)).toBe(false);
  const left = w.store.find(wait.wait_id);
  expect(left && livenessOf(left, deps)).toBe("released");
});

test("isOlderVersion() compares numbers, and takes a version that recorded none for older", () => {
  const older = [undefined, "0.9.9", "0.10.0"];
  const others = ["1.0.0", "1.0.1", "1.10.0", "10.0.0", "nonsense"];
  expect(older.map(isOlderVersion)).toEqual([true, true, true]);
  expect(others.map(isOlderVersion)).toEqual([false, false, false, false, false]);
});
