// needs: gh
import { appendFileSync, chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { sandbox } from "../../../helpers/p9.ts";
import { type GitHub, startGitHub } from "../../../servers/github/mod.ts";

const POLICY = "ci_watch:\n  enabled: true\nci_heal:\n  enabled: true\n";

interface Report {
  readonly ok: boolean;
  readonly checks: readonly {
    readonly name: string;
    readonly ok: boolean;
    readonly detail: string;
    readonly mend?: string;
  }[];
}
const failing = ({ checks }: Report) => checks.filter(({ ok }) => !ok);

let github: GitHub;
afterEach(() => github?.stop());

async function setUp(policy = POLICY) {
  github = await startGitHub();
  const box = sandbox();
  box.write(".control/policy.yaml", policy);
  const doctor = async (env = {}) => {
    const { code, stdout } = await box.p9(["doctor", "--json"], { env: { ...github.env, ...env } });
    const report: Report = JSON.parse(stdout);
    return { code, report, failing: failing(report) };
  };
  return { ...box, doctor };
}

test("doctor ends with `p9 doctor: ok` when all is well", async () => {
  const { p9 } = await setUp();
  const { code, stdout, stderr } = await p9(["doctor"], { env: github.env });
  expect(stdout.trimEnd().split("\n").at(-1)).toBe("p9 doctor: ok");
  expect(stdout).toMatch(/logged in as \w+/);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
});

test("doctor names a gh that is not there or not logged in, and how to mend it", async () => {
  const { doctor, dir } = await setUp();
  github.world.viewer = null;
  const out = await doctor();
  expect(out.code).toBe(1);
  expect(out.failing).toMatchObject([{ name: "gh", mend: expect.stringContaining("gh auth login") }]);

  mkdirSync(join(dir, "bin"));
  for (const name of ["node", "git"]) symlinkSync(`/usr/bin/${name}`, join(dir, "bin", name));
  const gone = await doctor({ PATH: join(dir, "bin") });
  expect(gone.failing).toMatchObject([{ name: "gh", detail: expect.stringContaining("not found on PATH") }]);
});

test("doctor ends with 2 for a policy that is missing or malformed, naming the key", async () => {
  const wrong = await setUp('ci_watch:\n  enabled: "false"\nci_heal: {}\n');
  const malformed = await wrong.doctor();
  expect(malformed.code).toBe(2);
  expect(malformed.failing).toMatchObject([{ name: "policy", detail: expect.stringContaining('"ci_watch.enabled"') }]);
  const missing = await wrong.p9(["doctor"], { cwd: wrong.dir, env: github.env });
  expect(missing.code).toBe(2);
  expect(missing.stdout).toContain("p9 init --project");
});

test("doctor tries a real write of the state directory", async () => {
  const { doctor, dir, home } = await setUp();
  writeFileSync(join(dir, "file"), "");
  const out = await doctor({ BROOMVA_P9_HOME: join(dir, "file", "state"), BROOMVA_P9_SESSION: "s" });
  expect(out.code).toBe(1);
  expect(out.failing[0]).toMatchObject({ name: "state", detail: expect.stringContaining("Cannot write to") });

  mkdirSync(home);
  chmodSync(home, 0o755);
  expect((await doctor()).failing).toMatchObject([{ name: "state", mend: expect.stringContaining("chmod 700") }]);
});

test("doctor names unreadable lines of the log and leaves the log as it is", async () => {
  const { doctor, home, p9 } = await setUp();
  mkdirSync(home, { mode: 0o700 });
  const log = join(home, "state.jsonl");
  appendFileSync(log, 'garbage\n{}\n{"type":"driver.x","ts":"2026-01-01T00:00:00+00:00"}\n');
  const out = await doctor();
  expect(out.failing).toMatchObject([{ name: "log", detail: expect.stringContaining("2 unreadable lines") }]);
  expect(out.failing[0]?.detail).toContain("byte 8: no time stamp");
  expect((await p9(["events", "tail"])).stdout.trim().split("\n")).toHaveLength(1);
});
