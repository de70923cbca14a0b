// needs: root
import { spawn, spawnSync } from "node:child_process";
import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { ROOT, sandbox } from "../helpers/p9.ts";

const WRITER = join(ROOT, "node_modules", ".cache", "p9-writer.cjs");
/** Appends by each of the sixteen processes; the soak does more. */
const APPENDS = process.env.P9_SOAK ? "500" : "60";

beforeAll(() => {
  const common = { bundle: true, platform: "node", format: "cjs", logLevel: "error" } as const;
  buildSync({
    ...common,
    external: ["koffi"],
    entryPoints: [join(ROOT, "tests", "crash", "writer.ts")],
    outfile: WRITER,
    define: { "import.meta.url": "__url" },
    banner: { js: 'const __url=require("node:url").pathToFileURL(__filename).href;' },
  });
});

describe("the log", () => {
  it("16 processes that append at once, killed at random, lose and tear no acknowledged event", async () => {
    const box = sandbox();
    mkdirSync(box.home, { recursive: true });
    const acknowledged = new Set<string>();
    const count = 16;
    const writers = Array.from({ length: count }, (_, n) => {
      const child = spawn(process.env.P9_TEST_NODE ?? "node", [WRITER, box.home, `w${n}`, APPENDS], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      let text = "";
      child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      const ended = new Promise<void>((resolve) =>
        child.once("close", () => {
          for (const line of text.split("\n").slice(0, -1)) acknowledged.add(line);
          resolve();
        }),
      );
      if (n % 3 === 0) setTimeout(() => child.kill("SIGKILL"), 300 + n * 120);
      return ended;
    });
    await Promise.all(writers);
    const ids = new Set(box.events().map((event) => String(event.wait_id)));
    const lost = [...acknowledged].filter((id) => !ids.has(id));
    expect(lost).toEqual([]);
    expect(acknowledged.size).toBeGreaterThan(count * 20);
  });

  it("a lock holder that is stopped makes others give up with 99 and the event, and hooks spool", async () => {
    const box = sandbox();
    mkdirSync(box.home, { recursive: true });
    const lock = join(box.home, "state.lock");
    const holder = spawn("flock", ["-x", lock, "sleep", "60"], { stdio: "ignore", detached: true });
    onTestFinished(() => {
      try {
        process.kill(-(holder.pid ?? 0), "SIGKILL");
      } catch {
        // Gone already.
      }
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    process.kill(-(holder.pid ?? 0), "SIGSTOP");
    const spooled = spawnSync("node", [WRITER, box.home, "--spool"], { encoding: "utf8" });
    expect(spooled.stdout.trim()).toBe("false");
    const { code, stderr } = await box.p9(["watch", "build", "--background", "--", "true"], {
      timeoutMs: 45_000,
    });
    expect(code).toBe(99);
    expect(stderr).toContain('"type":"transition"');
    process.kill(-(holder.pid ?? 0), "SIGKILL");
    const after = await box.p9(["watch", "build", "--", "true"]);
    expect(after.code).toBe(0);
    expect(box.events().map((event) => event.wait_id)).toContain("spooled");
  }, 60_000);

  it("a full disk is exit 99 with the event on stderr, and afterwards everything goes on", async () => {
    const box = sandbox();
    const disk = join(box.dir, "disk");
    mkdirSync(disk);
    const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k,mode=0700", "tmpfs", disk]);
    expect(mounted.status, "mounting a tmpfs needs root: run the tests as root, as CI does").toBe(0);
    onTestFinished(() => void spawnSync("umount", ["-l", disk]));
    const home = join(disk, "home");
    const env = { BROOMVA_P9_HOME: home };
    expect((await box.p9(["watch", "build", "--", "true"], { env })).code).toBe(0);
    const before = readFileSync(join(home, "state.jsonl"), "utf8");
    spawnSync("sh", ["-c", `cat /dev/zero > ${disk}/fill`]);
    const full = await box.p9(["watch", "build", "--", "true"], { env });
    expect(full.code).toBe(99);
    expect(full.stderr).toContain('{"type":"');
    rmSync(join(disk, "fill"));
    const { code } = await box.p9(["watch", "build", "--adopt", "--", "true"], { env });
    expect(code).toBe(0);
    expect(readFileSync(join(home, "state.jsonl"), "utf8").startsWith(before)).toBe(true);
  });

  it("a home that cannot be made is exit 99 in one line with the event", async () => {
    const box = sandbox();
    const file = box.write("a-file", "");
    const { code, stderr } = await box.p9(["watch", "build", "--", "true"], {
      env: { BROOMVA_P9_HOME: join(file, "home") },
    });
    expect(code).toBe(99);
    expect(stderr).not.toContain("    at ");
  });

  it("garbage, half lines, {}, unknown states and NUL bytes: every command works, doctor names them, the log stays as it is", async () => {
    const box = sandbox();
    expect((await box.p9(["watch", "build", "--", "true"])).code).toBe(0);
    const log = join(box.home, "state.jsonl");
    const garbage = [
      "not json",
      "{}",
      '{"type":"transition","ts":"2026-01-01T00:00:00+00:00","wait_id":"x","to_state":"PURPLE"}',
      "\u0000\u0000\u0000",
      "[1,2]",
      `{"ts":"2026-01-01T00:00:00+00:00","pr":1,"to_state":"WATCHING"`,
    ].join("\n");
    appendFileSync(log, `${garbage}\n{"half`);
    const before = readFileSync(log, "utf8");
    for (const args of [
      ["status"],
      ["status", "--json"],
      ["report"],
      ["events", "tail"],
      ["wait-queue", "list"],
      ["reap"],
      ["rearm"],
    ]) {
      const { code, stderr } = await box.p9(args);
      expect([args, code, stderr.includes("internal error")]).toEqual([args, 0, false]);
    }
    const doctor = await box.p9(["doctor"]);
    expect(`${doctor.stdout}${doctor.stderr}`).toMatch(/6 (unreadable )?line/);
    expect((await box.p9(["watch", "build", "--", "true"])).code).toBe(0);
    expect(readFileSync(log, "utf8").startsWith(before)).toBe(true);
    expect(readFileSync(join(box.home, "quarantine.jsonl"), "utf8").trim().split("\n").length).toBeGreaterThanOrEqual(
      6,
    );
  });

  it("the home is 0700 and what is in it 0600", async () => {
    const box = sandbox();
    await box.p9(["watch", "build", "--", "true"]);
    expect(statSync(box.home).mode & 0o777).toBe(0o700);
    for (const name of ["state.jsonl", "state.lock"])
      expect(statSync(join(box.home, name)).mode & 0o777, name).toBe(0o600);
  });

  it("reading works on a home that cannot be written", async () => {
    const box = sandbox();
    await box.p9(["watch", "build", "--", "true"]);
    const { stdout } = await box.p9(["status", "--json"]);
    chmodSync(box.home, 0o500);
    onTestFinished(() => chmodSync(box.home, 0o700));
    const again = await box.p9(["status", "--json"]);
    expect(JSON.parse(again.stdout).open_waits).toHaveLength(JSON.parse(stdout).open_waits.length);
  });

  it("Node and Deno work on one home at once", async () => {
    const box = sandbox();
    const runs = await Promise.all(
      (["node", "deno", "node", "deno"] as const).map((runtime, i) =>
        box.p9(["watch", "build", "--", "sh", "-c", `exit ${i}`], { runtime, timeoutMs: 60_000 }),
      ),
    );
    expect(runs.map(({ code }) => code)).toEqual([0, 10, 10, 10]);
    const { open_waits } = await box.json<{ open_waits: unknown[] }>(["status"], { runtime: "deno" });
    expect(open_waits).toHaveLength(4);
    expect(existsSync(join(box.home, "quarantine.jsonl"))).toBe(false);
  }, 90_000);
});
