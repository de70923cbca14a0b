import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import * as z from "zod/mini";
import { ciHeal } from "../../src/config/schema.ts";
import { classify } from "../../src/heal/classify/classify.ts";
import { boundLog, MAX_LOG, normalize } from "../../src/heal/classify/normalize.ts";
import { ownRules } from "../../src/heal/classify/policy-rules.ts";
import { stable } from "../../src/heal/classify/signature.ts";
import { evaluate, stalledTwice } from "../../src/heal/evaluate.ts";
import { historyOf, type LedgerRow } from "../../src/heal/evidence/ledger.ts";
import { healEnv } from "../../src/heal/repair/heal-env.ts";
import { healCommand } from "../../src/heal/repair/plan.ts";
import { projectCommand, projectCommands } from "../../src/heal/repair/project.ts";
import { MARKERS } from "../../src/heal/repair/project-markers.ts";
import { outOfScope } from "../../src/heal/repair/scope.ts";

describe("evaluate()", () => {
  const now = { signature: "a", failures: 3, confidence: 1 };

  test("adds up the four parts", () => {
    expect(evaluate(now, { ...now, signature: "b", failures: 9 }, 0, 5, 0.3)).toMatchObject({
      score: 1,
      stalled: false,
    });
    expect(evaluate(now, { ...now, failures: 9 }, 0, 5, 0.3).score).toBe(0.6);
    expect(evaluate(now, now, 5, 5, 0.3)).toMatchObject({ score: 0.1, stalled: true });
  });

  test("the first heal is not stalled, the same failure again is", () => {
    expect(evaluate(now, null, 0, 5, 0.3).stalled).toBe(false);
    expect(evaluate({ ...now, confidence: 0.95 }, now, 1, 5, 0.3)).toMatchObject({ score: 0.255, stalled: true });
  });

  test("two stalled cycles running force the end, one does not", () => {
    expect(stalledTwice([0.7, 0.25], 0.3)).toBe(false);
    expect(stalledTwice([0.25, 0.7, 0.25], 0.3)).toBe(false);
    expect(stalledTwice([0.7, 0.25, null, 0.2], 0.3)).toBe(true);
  });
});

describe("historyOf()", () => {
  const NOW = Date.parse("2026-11-20T12:00:00Z");
  const row = (more: Partial<LedgerRow>): LedgerRow => ({
    ts: "2026-11-20T10:00:00+00:00",
    repo: "o/r",
    job: "test",
    signature: "s",
    sha: "c1",
    tree: "t1",
    branch: "f",
    outcome: "failed",
    duration: null,
    run: 1,
    ...more,
  });
  const failure = { repo: "O/R", job: "test", signature: "s", tree: "t9", sha: "c9", base: "main", now: NOW };
  const passed = (tree: string) => row({ outcome: "passed", signature: null, tree });

  test("says what it has seen", () => {
    expect(historyOf([], failure).answer).toBe("new");
    expect(historyOf([row({ tree: "t1" }), row({ tree: "t2" })], failure)).toMatchObject({
      answer: "seen before on 2 other trees",
      flaky: false,
    });
    expect(historyOf([row({}), passed("t1"), passed("t2")], failure)).toMatchObject({
      answer: "known flake 1/3",
      flaky: true,
    });
    expect(historyOf([row({ branch: "main", sha: "abc1234def" })], failure)).toMatchObject({
      answer: "red on base since abc1234",
      onBase: true,
    });
  });

  test("a failure of the base branch counts for a week, longer while its newest commit still shows it", () => {
    const old = row({ branch: "main", sha: "abc1234def" });
    const later = { ...failure, now: NOW + 8 * 86_400_000 };
    expect(historyOf([old], later)).toMatchObject({ answer: "seen before on 1 other tree", onBase: false });
    expect(historyOf([old], { ...later, baseSha: "abc1234def" }).onBase).toBe(true);
  });

  test("what fails more often than it passes is no flake, whatever passed once", () => {
    const rows = [...["t1", "t2", "t3"].map((tree) => row({ tree })), passed("t1"), ...["t2", "t3"].map(passed)];
    expect(
      historyOf(
        rows.filter(({ tree, outcome }) => outcome === "failed" || tree === "t1"),
        failure,
      ).flaky,
    ).toBe(true);
    expect(
      historyOf(
        [...rows.filter(({ outcome }) => outcome === "failed"), passed("t1"), passed("t2")].map((one) =>
          one.outcome === "passed" ? one : { ...one },
        ),
        failure,
      ).answer,
    ).toMatch(/^known flake|fails/);
  });

  test("another job, another repository and another signature tell nothing", () => {
    const rows = [row({ job: "x" }), row({ repo: "o/other" }), row({ signature: "z" }), passed("t1")];
    expect(historyOf(rows, failure).answer).toBe("new");
  });
});

describe("normalize() and stable()", () => {
  test("a huge log is bounded, and what stands before an early error is kept", () => {
    const early = "error: the early one\n##[error]Process completed with exit code 1.\n";
    const bounded = boundLog(`${early}${"noise\n".repeat(2_000_000)}`);
    expect(bounded.length).toBeLessThan(MAX_LOG + 400_000);
    expect(bounded).toContain("the early one");
  });

  test("one line without an end is clipped and costs no more than its length", () => {
    expect(normalize("a".repeat(20_000_000)).map(({ text }) => text.length)).toEqual([1_000]);
  });

  test("times, durations, ids, addresses, temporary paths and pids leave no mark", () => {
    const a =
      "12:00:01 job 8f3a2b1c9d took 1.23s at /tmp/x-8123/y port 127.0.0.1:5123 pid 4242 line 4: 18082 Killed run";
    const b = "13:44:59 job 0a1b2c3d4e took 872ms at /tmp/z-11/y port 127.0.0.1:6001 pid 17 line 4: 999 Killed run";
    expect(stable(a)).toBe(stable(b));
    expect(stable("expected 1 to be 2")).not.toBe(stable("expected 1 to be 3"));
  });
});

describe("projectCommand()", () => {
  function project(files: Record<string, string>): string {
    const dir = mkdtempSync(join(tmpdir(), "p9-project-"));
    onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(dir, name, ".."), { recursive: true });
      writeFileSync(join(dir, name), text);
    }
    return dir;
  }
  const scripts = (all: Record<string, string>, more: object = {}) => ({
    "package.json": JSON.stringify({ scripts: all, ...more }),
  });

  test("takes the script that repairs, with the project's own package manager, and its check", () => {
    const dir = project({
      ...scripts({ format: "prettier --write .", "format:check": "prettier --check ." }),
      "pnpm-lock.yaml": "",
    });
    expect(projectCommand(dir, "format")).toMatchObject({
      run: "pnpm run format",
      check: "pnpm run format:check",
      from: "package.json",
    });
    expect(
      projectCommand(
        project(scripts({ lint: "eslint .", "lint:fix": "eslint . --fix" }, { packageManager: "yarn@4.1.0" })),
        "lint",
      ),
    ).toMatchObject({ run: "yarn run lint:fix" });
  });

  test("a script that only looks is no repair", () => {
    expect(projectCommand(project(scripts({ format: "prettier --check ." })), "format")).toBeNull();
    expect(projectCommand(project(scripts({ fmt: "biome ci ." })), "format")).toBeNull();
  });

  test("make targets and tools that the project is set up for", () => {
    expect(projectCommand(project({ Makefile: "generate:\n\tgo generate ./...\n" }), "codegen_drift")).toMatchObject({
      run: "make generate",
      from: "Makefile",
    });
    expect(projectCommand(project({ "Cargo.toml": "" }), "format", "rustfmt")).toMatchObject({
      run: "cargo fmt --all",
    });
    expect(projectCommand(project({ "pyproject.toml": "[tool.ruff]\n" }), "lint", "ruff")).toMatchObject({
      run: "ruff check --fix .",
    });
    expect(projectCommand(project({ "pyproject.toml": "" }), "lint", "ruff")).toBeNull();
    expect(projectCommand(project({}), "test")).toBeNull();
  });

  test("whatever it chooses for any tool is among the commands that p9 trust shows, each under a subject of its own", () => {
    const says: Record<string, string> = {
      "pyproject.toml": "[tool.ruff]\n[tool.black]\n[tool.isort]\n",
      "build.gradle": "spotless {}\n",
      "build.gradle.kts": "spotless {}\n",
    };
    const files = [...MARKERS.map(({ file }) => file), ".pre-commit-config.yaml"];
    const everything = project(Object.fromEntries(files.map((file) => [file, says[file] ?? ""])));
    const shown = projectCommands(everything);
    const subjects = new Map(shown.map((one) => [one.subject, one]));
    const tools = [
      "any",
      "pre-commit",
      "cargo",
      "gofmt",
      "deno",
      "ruff",
      "black",
      "isort",
      "mix",
      "gleam",
      "terraform",
    ];
    for (const tool of [...tools, "spotless", "rubocop", "standardrb", "git", "rustfmt"]) {
      for (const type of ["format", "lint", "codegen_drift"] as const) {
        const chosen = projectCommand(everything, type, tool);
        if (chosen)
          expect(subjects.get(chosen.subject), `${tool} ${type}`).toMatchObject({
            run: chosen.run,
            check: chosen.check,
          });
      }
    }
    expect(projectCommand(everything, "format", "black")).toMatchObject({ run: "black ." });
    expect(shown.length).toBeGreaterThan(MARKERS.length);
  });
});

describe("what a heal may see and touch", () => {
  test("healEnv() keeps what tools need and drops all else, whatever it is called", () => {
    const env = healEnv({
      PATH: "/bin",
      HOME: "/h",
      LANG: "C",
      GH_TOKEN: "x",
      NPM_TOKEN: "x",
      AWS_PROFILE: "x",
      SSH_AUTH_SOCK: "/s",
      LINEAR_API_KEY: "x",
      HTTPS_PROXY: "http://u:p@x:1",
      DATABASE_URL: "x",
      STRIPE_KEY: "x",
      DB_PASS: "x",
      FLY: "x",
      NODE_OPTIONS: "--require /x.cjs",
      BASH_ENV: "/x",
      GOPATH: "/go",
      LC_ALL: "C",
      XDG_CACHE_HOME: "/c",
      XDG_SESSION_TOKEN: "x",
      http_proxy: "http://proxy:3128",
      ALL_PROXY: "u:p@proxy:1080",
      SSL_CERT_FILE: "/ca.pem",
    });
    expect(Object.keys(env).sort()).toEqual([
      "CI",
      "GIT_TERMINAL_PROMPT",
      "GIT_TRACE2_EVENT",
      "GOPATH",
      "HOME",
      "LANG",
      "LC_ALL",
      "NO_COLOR",
      "P9_HEAL",
      "PATH",
      "PYTHONDONTWRITEBYTECODE",
      "SSL_CERT_FILE",
      "XDG_CACHE_HOME",
      "http_proxy",
    ]);
  });

  test("outOfScope() knows the pull request's files and the policy's globs", () => {
    expect(outOfScope(["src/a.ts", "src/b.ts", "gen/x.ts"], ["src/a.ts"], [])).toEqual(["src/b.ts", "gen/x.ts"]);
    expect(outOfScope(["src/a.ts", "gen/deep/x.ts"], ["src/a.ts"], ["gen/**"])).toEqual([]);
  });
});

describe("ownRules()", () => {
  test("a rule of the policy speaks before the built-in ones", () => {
    const rules = ownRules([{ type: "lint", find: "acme-check:", confidence: 0.97, fixable: true }]);
    expect(classify("acme-check: 3 things\n##[error]Process completed with exit code 1.", rules)).toMatchObject({
      failure_type: "lint",
      fixable: true,
    });
  });

  test.each([
    [{ find: "abc" }, "type"],
    [{ type: "nonsense", find: "abc" }, "nonsense"],
    [{ type: "lint", find: "a" }, "find"],
    [{ type: "lint", find: "abc", regex: "(a+)+b" }, "regex"],
    [{ type: "lint", find: "abc", regex: "(" }, "regex"],
    [{ type: "lint", find: "abc", confidence: 2 }, "confidence"],
  ])("refuses %j naming what is wrong", (rule, word) => {
    expect(() => ownRules([rule])).toThrow(word);
  });
});

describe("what may be repaired", () => {
  const fixable = (...lines: string[]) =>
    classify([...lines, "##[error]Process completed with exit code 1."].join("\n")).fixable;

  test("a linter that repairs all it found, by its own summary", () => {
    expect(
      fixable(
        "✖ 2 problems (2 errors, 0 warnings)",
        "  2 errors and 0 warnings potentially fixable with the `--fix` option.",
      ),
    ).toBe(true);
    expect(fixable("3 files inspected, 2 offenses detected, 2 offenses autocorrectable")).toBe(true);
    expect(
      fixable("a.js:1:1 lint/style/useConst  FIXABLE  ━━━", "  i Safe fix: Use const instead.", "Found 1 error."),
    ).toBe(true);
    expect(
      fixable(
        "src/a.py:1:1: F401 `os` imported but unused",
        "Found 1 error.",
        "[*] 1 fixable with the `--fix` option.",
      ),
    ).toBe(true);
  });

  test("one finding that it cannot repair is enough against it", () => {
    expect(
      fixable(
        "✖ 2 problems (2 errors, 0 warnings)",
        "  1 error and 0 warnings potentially fixable with the `--fix` option.",
      ),
    ).toBe(false);
    expect(fixable("✖ 2 problems (2 errors, 0 warnings)")).toBe(false);
    expect(
      fixable("a.js:1:1 lint/suspicious/noDebugger  FIXABLE  ━━━", "  i Unsafe fix: Remove debugger statement"),
    ).toBe(false);
  });

  test("a linter that does not say is not believed, except by a policy command with its own check", () => {
    const found = classify(
      "a.sh:1:2: note: Double quote to prevent globbing. [SC2086]\n##[error]Process completed with exit code 1.",
    );
    const policy = (lint: string | { run: string; check: string }) => ({
      ci_heal: z.parse(ciHeal, { commands: { lint } }),
    });
    expect(found).toMatchObject({ failure_type: "lint", fixable: null });
    expect(healCommand(found, policy("make fix"), "/nowhere")).toBeNull();
    expect(healCommand(found, policy({ run: "make fix", check: "make lint" }), "/nowhere")).toMatchObject({
      run: "make fix",
      check: "make lint",
    });
    expect(
      healCommand({ ...found, fixable: false }, policy({ run: "make fix", check: "make lint" }), "/nowhere"),
    ).toBeNull();
  });
});
