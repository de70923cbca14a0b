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
    readonly level: string;
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
  expect(stdout.trimEnd().split("\n").at(-1)).toBe("p9 doctor: ok (1 warning)");
  expect(stdout).toMatch(/^warn hooks +not in settings/m);
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

test("doctor ends with 2 for a policy that is malformed, naming the key; a missing one is a warning", async () => {
  const wrong = await setUp('ci_watch:\n  enabled: "false"\nci_heal: {}\n');
  const malformed = await wrong.doctor();
  expect(malformed.code).toBe(2);
  expect(malformed.failing).toMatchObject([{ name: "policy", detail: expect.stringContaining('"ci_watch.enabled"') }]);
  const missing = await wrong.p9(["doctor"], { cwd: wrong.dir, env: github.env });
  expect(missing).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^warn policy +No "\.control\/policy\.yaml"/m),
  });
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

test("doctor says whether the login may read the pull requests of this repository", async () => {
  const { doctor, p9 } = await setUp();
  const repo = "octo/app";
  github.world.repo(repo);
  const row = async (env = {}) => (await doctor(env)).report.checks.find(({ name }) => name === "repository");
  expect(await row({ BROOMVA_P9_REPO: repo })).toMatchObject({
    ok: true,
    detail: `${repo}: pull requests can be read`,
  });
  expect(await row({ BROOMVA_P9_REPO: "octo/gone" })).toMatchObject({
    ok: false,
    mend: expect.stringContaining("scopes"),
  });
  expect(await row({ BROOMVA_P9_REPO: "git.example.org/a/b" })).toMatchObject({
    ok: true,
    level: "warn",
    detail: expect.stringContaining('gh knows no login for "git.example.org"'),
  });
  expect((await p9(["doctor"], { env: { ...github.env, BROOMVA_P9_REPO: "-" } })).stdout).toContain(
    "no GitHub repository here",
  );
});

test("doctor names what the repository asks for and nobody has agreed to", async () => {
  const { doctor } = await setUp(
    "ci_watch:\n  index_sync:\n    chat: { url: 'https://chat.example.org/x' }\nci_heal: {}\n",
  );
  const { code, report } = await doctor();
  expect(report.checks.find(({ name }) => name === "trust")).toMatchObject({
    level: "warn",
    detail: "1 of 1 entry of this repository not trusted: ci_watch.index_sync.chat",
  });
  expect(code).toBe(0);
});
