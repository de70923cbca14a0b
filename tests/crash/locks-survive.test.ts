// needs: flock
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { ROOT } from "../helpers/p9.ts";

/** How often each of the sixteen processes takes the lock; the soak does more. */
const TURNS = process.env.P9_SOAK ? 500 : 40;
const COUNT = 16;

/** The ways that a process may have to lock. */
type Way = "koffi" | "flock" | "perl" | "entries";

let scratch: string;
let nodeBinary: string;

/** The locker, beside koffi and far from it. */
const programs = { near: join(ROOT, "node_modules/.cache/p9-locker.cjs"), far: "" };

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), "p9-locks-"));
  programs.far = join(scratch, "locker.cjs");
  for (const outfile of Object.values(programs)) {
    buildSync({
      bundle: true,
      platform: "node",
      format: "cjs",
      logLevel: "error",
      external: ["koffi"],
      entryPoints: [join(ROOT, "tests/crash/locker.ts")],
      outfile,
      define: { "import.meta.url": "__url" },
      banner: { js: 'const __url=require("node:url").pathToFileURL(__filename).href;' },
    });
  }
  nodeBinary = execFileSync(process.env.P9_TEST_NODE ?? "node", ["-p", "process.execPath"], {
    encoding: "utf8",
  }).trim();
  for (const way of ["koffi", "flock", "perl", "entries"]) {
    mkdirSync(join(scratch, way));
    if (way === "flock" || way === "perl")
      symlinkSync(execFileSync("which", [way], { encoding: "utf8" }).trim(), join(scratch, way, way));
  }
});

interface Trial {
  readonly lock: string;
  readonly diary: string;
}

function trial(): Trial {
  const folder = mkdtempSync(join(scratch, "trial-"));
  return { lock: join(folder, "lock"), diary: join(folder, "diary") };
}

/** A process that can lock in this way only. */
function locker({ lock, diary }: Trial, name: string, way: Way, turns = TURNS): ChildProcess {
  const program = way === "koffi" ? programs.near : programs.far;
  const child = spawn(nodeBinary, [program, lock, diary, name, `${turns}`], {
    env: { PATH: join(scratch, way) },
    stdio: ["ignore", "ignore", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

const ended = (child: ChildProcess) => new Promise<number | null>((resolve) => child.once("close", resolve));

/** Turns in which somebody else came in before the one who was in went out. One that was killed inside never goes out. */
function overlaps(text: string): readonly string[] {
  const lines = text.trim().split("\n");
  return lines.flatMap((line, index) => {
    const name = line.replace(/^out /, "");
    return name !== line && lines[index - 1] !== `in ${name}` ? [`${lines[index - 1]}, ${line}`] : [];
  });
}

async function run(ways: readonly Way[]): Promise<readonly string[]> {
  const here = trial();
  const children = Array.from({ length: COUNT }, (_, n) => {
    const child = locker(here, `p${n}`, ways[n % ways.length] ?? "entries");
    if (n % 4 === 1) setTimeout(() => child.kill("SIGKILL"), 400 + n * 60);
    if (n % 4 === 3) {
      setTimeout(() => child.kill("SIGSTOP"), 300 + n * 50);
      setTimeout(() => child.kill("SIGCONT"), 1_000 + n * 50);
    }
    return ended(child);
  });
  const codes = await Promise.all(children);
  // Whoever was not killed came in each time.
  expect(codes.filter((_, n) => n % 4 !== 1)).toEqual(Array(COUNT - COUNT / 4).fill(0));
  const text = readFileSync(here.diary, "utf8");
  expect(text.split("\n").length).toBeGreaterThan(COUNT * TURNS);
  return overlaps(text);
}

describe("a lock", () => {
  const LIMIT_MS = process.env.P9_SOAK ? 3_600_000 : 180_000;

  it(
    "without koffi, flock(1) and perl is held by one of 16 at a time, with kill -9 and SIGSTOP in between",
    async () => {
      expect(await run(["entries"])).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    "is one lock for processes that take it in different ways",
    async () => {
      expect(await run(["koffi", "entries", "flock", "perl", "entries"])).toEqual([]);
    },
    LIMIT_MS,
  );

  it("whose holder was killed is free at once, and nothing of the holder stays", async () => {
    const here = trial();
    const holder = locker(here, "holder", "entries", 1_000_000);
    const isIn = () => {
      try {
        return readFileSync(here.diary, "utf8") !== "";
      } catch {
        return false;
      }
    };
    while (!isIn()) await new Promise((resolve) => setTimeout(resolve, 5));
    holder.kill("SIGKILL");
    await ended(holder);
    expect(await ended(locker(here, "next", "entries", 5))).toBe(0);
    expect(readdirSync(`${here.lock}.d`)).toEqual([]);
  });
});
