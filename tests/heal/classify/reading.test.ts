import { describe, expect, test } from "vitest";
import { classify, floorOf } from "../../../src/heal/classify/classify.ts";
import { checksDrift, commandMeanings, isWrittenDrift } from "../../../src/heal/classify/command-context.ts";
import { FindingReader } from "../../../src/heal/classify/findings/finding.ts";
import { withoutPrefixes } from "../../../src/heal/classify/read/prefixes.ts";
import { invocations } from "../../../src/heal/classify/read/shell.ts";
import { unknownHosts } from "../../../src/heal/classify/read/unknown-hosts.ts";
import { asLog } from "../../e2e/heal/world.ts";

const LINES = ["cart.go:3:5: undefined: total", "make: *** [build] Error 1", "  deeper", "a", "b"];

describe("prefixes are learned from the log", () => {
  test.each([
    ["a clock in brackets", (n: number) => `[2026-11-20T08:00:0${n}Z] `],
    ["the time since the start", (n: number) => `[00:04:2${n}] `],
    ["a clock", (n: number) => `08:10:0${n} `],
    ["a clock of an application", (n: number) => `2026-11-20 08:10:0${n},123 `],
    ["a clock of a pod", (n: number) => `INFO[2026-11-20T08:10:0${n}Z] `],
    ["a step of docker build", (n: number) => `#12 0.${n}31 `],
    ["a service of docker compose", (n: number) => `web_${n}  | `],
    ["a stamp in milliseconds", (n: number) => `_bk;t=176000000000${n}`],
    ["two of them, one after the other", (n: number) => `08:10:0${n} web_1 | `],
  ])("%s comes off every line", (_name, prefix) => {
    expect(withoutPrefixes(LINES.map((line, n) => prefix(n) + line))).toEqual(LINES);
  });

  test("what only some lines have stays, and so do places in files", () => {
    const some = ["08:10:01 started", "one", "two", "three", "four"];
    expect(withoutPrefixes(some)).toEqual(some);
    const places = ["a.ts:10:11: one", "a.ts:10:12: two", "a.ts:11:12: three", "a.ts:12:13: four"];
    expect(withoutPrefixes(places)).toEqual(places);
  });

  test("an indentation of all lines comes off, and no more of it", () => {
    expect(withoutPrefixes(["    a", "      b", "    c", "    d"])).toEqual(["a", "  b", "c", "d"]);
  });
});

describe("commands are read as the programs that they run", () => {
  test.each([
    ["npx --yes eslint . --max-warnings 0", ["eslint . --max-warnings 0"]],
    ["poetry run python -m pytest -q", ["pytest -q"]],
    ["CI=1 sudo -E timeout 600 bundle exec rspec", ["rspec"]],
    ["cd app && ./gradlew test | tee log", ["gradle test"]],
    ["bash -c 'uv run ruff check .'", ["ruff check ."]],
    ['[ -z "$(git status --porcelain)" ]', ["git status --porcelain"]],
    ["node_modules/.bin/tsc -p . || exit 1", ["tsc -p ."]],
    ["cargo +nightly fmt --check", ["cargo fmt --check"]],
  ])("%s", (command, lines) => {
    expect(invocations(command).map(({ line }) => line)).toEqual(lines);
  });

  test("a version asked for and a name in an argument run nothing", () => {
    expect(invocations("javac -J-Xmx32m -version")).toEqual([]);
    const log = asLog('mysql -e "create database shop_test"', ["ERROR 1007: cannot create database"], 1);
    expect(classify(log).steps[0]?.judgement.tool).toBe("any");
  });
});

describe("who speaks", () => {
  const failing = ["--- FAIL: TestTotal (0.00s)", "    cart_test.go:12: got 30, want 40", "FAIL"];

  test("a cache that may not be written does not outrank the failure", () => {
    const log = asLog(
      "make",
      ["sccache: storage write check failed: 403 Forbidden", "src/a.c:3:5: error: expected ';'"],
      2,
    );
    expect(classify(log).failure_type).toBe("build");
  });

  test("a metric that could not be uploaded is no failure by itself", () => {
    const log = asLog("./run.sh", ["UserWarning: Error uploading metric: AccessDenied", "done", "it went wrong"], 1);
    expect(classify(log).confidence).toBeLessThan(0.7);
  });

  test("a refusal in the middle of the output decides only in the voice of what failed", () => {
    const more = Array.from({ length: 30 }, (_, n) => `copied ${n}`);
    const said = (line: string, command = "./pack.sh") => classify(asLog(command, [line, ...more], 1)).confidence;
    expect(said("response: Parts { status: 403, version: HTTP/1.1 }")).toBeLessThan(0.7);
    expect(said("##[error]response: Parts { status: 403, version: HTTP/1.1 }")).toBeGreaterThan(0.9);
    expect(
      said("fatal: unable to access 'https://example.org/a.git/': The requested URL returned error: 403"),
    ).toBeGreaterThan(0.9);
    expect(said("response: Parts { status: 403, version: HTTP/1.1 }", "aws s3 sync . s3://acme")).toBeGreaterThan(0.9);
  });

  test("a refusal after failing tests is not why they failed", () => {
    const lines = [...failing, "response: Parts { status: 403, version: HTTP/1.1 }"];
    expect(classify(asLog("./check.sh", lines, 1)).failure_type).toBe("test");
  });

  test("a refusal among the last words is not why, where the program goes on to report another end", () => {
    const refused = "probe GET /health -> 403 Forbidden, as expected";
    const said = (...more: string[]) => classify(asLog("./migrate.sh", [refused, ...more], 3)).confidence;
    expect(said()).toBeGreaterThan(0.9);
    expect(said('ERROR: column "prise" does not exist')).toBeLessThan(0.7);
  });

  test("a test that failed once and passed when it was tried again does not decide", () => {
    const tried = ["  ● cart adds", "    expect(received).toBe(expected)", "Tests:       5 passed, 5 total"];
    const lint = ["/w/src/a.ts", "  3:1  error  'foo' is not defined  no-undef", "✖ 1 problem (1 error, 0 warnings)"];
    expect(classify(asLog("npm run ci", [...tried, ...lint], 1)).failure_type).toBe("lint");
    expect(classify(asLog("npm run ci", tried.slice(0, 2), 1)).failure_type).toBe("test");
  });

  test("words inside the names of files and of longer words do not speak", () => {
    const log = asLog("./pack.sh", ["packing img/ShopAccessDeniedPage.png", "it went wrong"], 1);
    expect(classify(log).failure_type).toBe("unclassified");
  });

  test("what was raised inside a test is the test's affair", () => {
    const lines = ["com.acme.CartTest > grows() FAILED", "    java.lang.OutOfMemoryError at CartTest.java:12"];
    expect(classify(asLog("./gradlew check", lines, 1)).failure_type).toBe("test");
  });

  test("a permission that the step did without is overcome", () => {
    const log = asLog("go test ./...", ["mkdir: cannot create directory '/opt/x': Permission denied", ...failing], 1);
    expect(classify(log).failure_type).toBe("test");
  });

  test("a service that does not answer is passed by where the step started another command with much to say", () => {
    const lines = ["curl: (56) Recv failure: Connection reset by peer", "+ ./pack.sh"];
    const more = Array.from({ length: 40 }, (_, n) => `packed ${n}`);
    expect(classify(asLog("./all.sh", [...lines, ...more], 1)).confidence).toBeLessThan(0.7);
    expect(classify(asLog("./all.sh", lines.slice(0, 1), 1))).toMatchObject({ failure_type: "network" });
  });

  test("an upload's refusal in another job hides no job that failed", () => {
    const named = (job: string, step: string, text: string) => `${job}\t${step}\t2026-11-20T08:00:00.1234567Z ${text}`;
    const log = [
      named("scan", "Upload results", "##[error]Resource not accessible by integration"),
      named("build", "Compile", "src/a.c:3:5: error: expected ';'"),
      named("build", "Compile", "##[error]Process completed with exit code 2."),
    ].join("\n");
    expect(classify(log).failure_type).toBe("build");
  });
});

describe("what may fail without failing the step", () => {
  const unformatted = ["would reformat src/a.py", "1 file would be reformatted, 3 files would be left unchanged."];
  const heals = (log: string) => {
    const { confidence, fixable } = classify(log);
    return fixable === true && confidence >= floorOf("format");
  };

  test("its findings are no heal: not by the tool's words, nor by words that any tool may say", () => {
    const rejected = "manifest entry 12 does not match the archive";
    expect(heals(asLog("black --check . && ./verify.sh", [...unformatted, rejected], 1))).toBe(true);
    expect(heals(asLog("black --check . || true; ./verify.sh", [...unformatted, rejected], 1))).toBe(false);
    expect(heals(asLog("black --check . || echo unformatted; ./verify.sh", [...unformatted, rejected], 1))).toBe(false);
  });

  test("what a later command that may not fail finds counts", () => {
    const log = asLog("black --check . || true; black --check src", unformatted, 1);
    expect(classify(log).failure_type).toBe("format");
    expect(heals(log)).toBe(true);
  });

  test("of commands that the log echoes, only what that command printed is passed over", () => {
    const echoed = ["$ npx prettier --check . || true", "[warn] src/a.ts", "[warn] Code style issues found in 1 file."];
    const log = asLog("./ci.sh", [...echoed, "$ ./publish.sh", "page 2 rejected by the portal"], 1);
    expect(heals(log)).toBe(false);
    const failing = ["--- FAIL: TestTotal (0.00s)", "FAIL"];
    expect(classify(asLog("./ci.sh", [...echoed, "$ go test ./...", ...failing], 1)).failure_type).toBe("test");
  });

  test("a merge that conflicts has broken the tree all the same", () => {
    const lines = [
      "CONFLICT (content): Merge conflict in src/a.ts",
      "src/a.ts(1,1): error TS1185: Merge conflict marker.",
    ];
    const log = asLog("git merge origin/main || true; npx tsc --noEmit", lines, 2);
    expect(classify(log).failure_type).toBe("merge_conflict");
  });
});

describe("which command failed", () => {
  test("Travis names the command, and what ran afterwards does not count", () => {
    const log = [
      "$ pytest",
      "FAILED tests/test_cart.py::test_total - assert 30 == 40",
      "1 failed, 3 passed in 0.02s",
      'The command "pytest" exited with 1.',
      "$ mypy shop",
      "shop/cart.py:3: error: Incompatible return value type  [return-value]",
      'The command "mypy shop" exited with 1.',
    ].join("\n");
    expect(classify(log).failure_type).toBe("test");
  });

  test("of a chain without output of the tests, the check before them failed", () => {
    const lines = ["> node scripts/scan-imports.mjs && vitest run", "", "src/cart.ts: imports the renderer"];
    const found = classify(asLog("npm run scan", ["", "> shop@1.0.0 scan", ...lines], 1));
    expect(found.failure_type).toBe("lint");
  });

  test("the target that make names tells what its lines are", () => {
    const lines = ["./pkg/run.go", "make: *** [verify.mk:7: verify-gofmt] Error 1"];
    expect(classify(asLog("./ci.sh", lines, 2)).failure_type).toBe("format");
  });

  test("a report that a later step prints explains a step that only failed", () => {
    const log = [
      asLog("ant test", ["BUILD FAILED", "build.xml:5: 'test-unit' failed"], 1),
      asLog(
        "cat report/*.txt",
        ["Test: total() took 1 sec(s) FAILED: expected 40", "java.lang.AssertionError: expected 40"],
        0,
      ),
    ].join("\n");
    const found = classify(log);
    expect(found.failure_type).toBe("test");
    expect(found.evidence[0]?.text).toContain("total() took 1 sec(s) FAILED");
  });
});

describe("never a wrong heal", () => {
  const diff = [
    "diff --git a/src/api.ts b/src/api.ts",
    "--- a/src/api.ts",
    "+++ b/src/api.ts",
    "@@ -1 +1 @@",
    "-a",
    "+b",
  ];
  const heals = (command: string, lines: readonly string[]): boolean => {
    const { failure_type, confidence, fixable } = classify(asLog(command, lines, 1));
    const known = ["lint", "format", "codegen_drift"].includes(failure_type);
    return known && confidence >= floorOf(failure_type) && fixable === true;
  };

  test("drift is repaired where a generator ran before the work tree was compared", () => {
    expect(heals("make generate && git diff --exit-code", diff)).toBe(true);
  });

  test("a difference of two revisions, a count alone and a tree that nothing wrote are no drift to repair", () => {
    expect(heals("make generate && git diff origin/main...HEAD", diff)).toBe(false);
    expect(heals("make generate && git diff --stat", [" src/api.ts | 2 +-", " 1 file changed, 1 insertion(+)"])).toBe(
      false,
    );
    expect(heals("git diff --exit-code", diff)).toBe(false);
    expect(heals("npm ci && git diff --exit-code", diff)).toBe(false);
  });

  test("a count alone and two revisions mean no check of the work tree, and a file may be called as a branch is", () => {
    expect(checksDrift(["git diff --stat"])).toBe(false);
    expect(checksDrift(["git diff --exit-code -- main"])).toBe(true);
    expect(commandMeanings(["git diff --stat"])).toEqual([]);
    expect(commandMeanings(["git diff --name-status --exit-code origin/main"])).toEqual([]);
    expect(commandMeanings(["git status --porcelain"])).toMatchObject([{ type: "codegen_drift" }]);
  });

  test("a list of changed files is repaired only where a command wrote them", () => {
    expect(heals("make generate && git status --porcelain && false", [" M src/api.ts"])).toBe(true);
    expect(heals("git status --porcelain && false", [" M src/api.ts"])).toBe(false);
  });

  test("only the work tree and no revision is compared by", () => {
    expect(checksDrift(["git diff --exit-code -- docs/main.md"])).toBe(true);
    expect(checksDrift(["git diff $BASE_SHA --exit-code"])).toBe(false);
    expect(isWrittenDrift(["./scripts/gen.sh", "git status --porcelain"])).toBe(true);
  });

  test("a known formatter that lists files repairs them; a task that only has such a name does not say so", () => {
    expect(heals("gofmt -l .", ["pkg/run.go"])).toBe(true);
    expect(heals("npm run format:check", ["src/cart.ts"])).toBe(false);
  });

  test("what a tool can repair is no heal beside a failure of another type, but a printed difference is the formatter's", () => {
    const eslint = [
      "✖ 1 problem (1 error, 0 warnings)",
      "  1 error and 0 warnings potentially fixable with the `--fix` option.",
    ];
    const tests = ["Tests:       1 failed, 4 passed, 5 total", ...Array.from({ length: 60 }, (_, n) => `copied ${n}`)];
    expect(heals("npx eslint .", eslint)).toBe(true);
    expect(heals("make -k ci", [...tests, ...eslint])).toBe(false);
    expect(heals("npx eslint .; ./compile.sh", [...eslint, "Compilation failed"])).toBe(false);
    const prettier = "[warn] Code style issues found in 3 files. Run Prettier with --write to fix.";
    expect(heals("npx eslint .; npx prettier --check .", [...eslint, prettier])).toBe(false);
    expect(heals("pre-commit run --show-diff-on-failure", ["- files were modified by this hook", ...diff])).toBe(true);
  });

  test("a misspelling with several corrections is for a human", () => {
    expect(heals("typos", ["error: `teh` should be `the`"])).toBe(true);
    expect(heals("typos", ["error: `teh` should be `the`", "error: `fo` should be `of`, `for`"])).toBe(false);
    expect(heals("codespell", ["./README.md:3: teh ==> the"])).toBe(true);
    expect(heals("codespell", ["./README.md:3: fo ==> of, for"])).toBe(false);
  });

  test("a formatter that would change nothing has no heal", () => {
    expect(heals("black --check .", ["0 files would be reformatted, 3 files would be left unchanged."])).toBe(false);
  });
});

describe("a re-run needs a cause that passes", () => {
  const transient = (...lines: string[]) => classify(asLog("mvn -B verify", lines, 1)).transient;

  test.each([
    ["curl: (6) Could not resolve host: get.example.org", "get.example.org"],
    [
      'Get "https://proxy.example.org/x.mod": dial tcp: lookup proxy.example.org on 10.0.0.53:53: no such host',
      "proxy.example.org",
    ],
    [
      "npm error request to https://registry.example.org/x failed, reason: getaddrinfo ENOTFOUND registry.example.org",
      "registry.example.org",
    ],
    [
      "Caused by: java.net.UnknownHostException: repo.example.org: Name or service not known at Net.java:12",
      "repo.example.org",
    ],
    ["Failed to resolve 'pkg.example.org' ([Errno -2] Name or service not known) in /src/setup.py", "pkg.example.org"],
    ["getaddrinfo ENOTFOUND db", undefined],
    ["GET https://other.example.org 200", undefined],
  ])("of %s the unknown host is %s", (line, host) => {
    expect([...unknownHosts([line])]).toEqual(host === undefined ? [] : [host]);
  });

  test.each([
    ["curl: (7) Failed to connect to localhost port 8080: Couldn't connect to server", false],
    ["Error: getaddrinfo ENOTFOUND db", false],
    ["GET /cart -> HTTP/1.1 500 Internal Server Error", false],
    ["failed to get successful HTTP response from `https://index.example.org/config.json` (127.0.0.1), got 503", true],
    ["Error: getaddrinfo ENOTFOUND registry.example.org", true],
    ['Get "https://proxy.example.org/x": dial tcp: lookup proxy.example.org: no such host', true],
  ])("%s: %s", (line, passes) => {
    expect(classify(asLog("./smoke.sh", [line], 1)).transient).toBe(passes);
  });

  test("a network that the step went on without does not decide", () => {
    const lines = [
      "$ mix deps.get",
      "Request failed (:timeout)",
      "All dependencies are up to date",
      "$ mix compile --warnings-as-errors",
      "Compilation failed due to warnings while using the --warnings-as-errors option",
    ];
    expect(classify(asLog("./ci.sh", lines, 1))).toMatchObject({ failure_type: "build", transient: false });
  });

  test("a lost connection passes", () => {
    expect(transient("Could not transfer artifact com.acme:x:pom:1.0 from/to central: Connection reset")).toBe(true);
  });

  test.each([
    "Could not transfer artifact com.acme:x:pom:1.0 from/to maven-default-http-blocker: Blocked mirror for repositories",
    "Could not transfer artifact com.acme:x:pom:1.0 from/to jcenter (https://jcenter.bintray.com): Connection refused",
    "curl: (60) SSL certificate problem: certificate has expired",
  ])("%s does not", (line) => {
    expect(transient(line)).toBe(false);
  });

  test("and a cause that another type of failure disputes does not", () => {
    const lines = ["a.sh: line 5: 240 Killed    python3 gen.py", "error: the generated files are out of date"];
    expect(classify(asLog("./a.sh", lines, 137)).transient).toBe(false);
    expect(classify(asLog("./a.sh", lines.slice(0, 1), 137)).transient).toBe(true);
  });
});

describe("billing", () => {
  test.each([
    "The job was not started because recent account payments have failed or your spending limit needs to be increased.",
    "The job was not started because a budget prevents further use.",
    "There are no more CI minutes left in the namespace's quota.",
    "##[error]No hosted parallelism has been purchased or granted.",
  ])("%s", (line) => {
    expect(classify(line)).toMatchObject({ failure_type: "billing", transient: false, fixable: null });
  });

  test("has one signature for all jobs and pull requests", () => {
    const of = (line: string) => classify(line).signature_hash;
    expect(of("lint: recent account payments have failed")).toBe(of("tests: a budget prevents further use"));
  });
});

describe("evidence holds no filler", () => {
  const shown = (log: string) => classify(log).evidence.map(({ text }) => text);
  const error = "src/a.ts(1,5): error TS2322: Type 'string' is not assignable to type 'number'.";

  test("what passed stands below no compiler's error", () => {
    const passed = ["PASS src/b.test.ts", "  ✓ adds two numbers", "Tests:       3 passed, 3 total", "0 errors found"];
    expect(shown(asLog("npx tsc; npx jest", [error, ...passed, "Time:  1.2 s", "Ran all test suites."], 2))).toEqual([
      error,
    ]);
  });

  test("of a failure that is decided, the lines around the cause fill up, and not the last ones of the step", () => {
    const lines = [
      "added 12 packages",
      "",
      "Unused files (1)",
      "src/unused.ts",
      "",
      "",
      "",
      "uploading the report",
      "bye",
    ];
    expect(shown(asLog("npx knip", lines, 1))).toEqual(["Unused files (1)", "src/unused.ts"]);
  });

  test("the command that printed the cause is shown above it", () => {
    const lines = [
      "+ ./prepare.sh",
      "ready",
      "+ cargo machete",
      "",
      "found the following unused dependencies in this directory:",
    ];
    expect(shown(asLog("./ci.sh", lines, 1))).toEqual([lines[4], "+ cargo machete"]);
  });

  test("a test that passed is not what the one above it says", () => {
    const lines = ["--- FAIL: TestTotal (0.00s)", "--- PASS: TestOther (0.00s)", "FAIL"];
    expect(shown(asLog("go test ./...", lines, 1))).not.toContain(lines[1]);
  });

  test("a failure that nothing explains shows the last lines, without what passed", () => {
    const lines = ["starting", "it went wrong", "ok 1 - adds", "3 passed in 0.02s", "bye"];
    expect(shown(asLog("./ci.sh", lines, 1))).toEqual(["starting", "it went wrong", "bye"]);
  });
});

describe("findings", () => {
  test.each([
    ["src/a.c:3:5: error: expected ';'", { file: "src/a.c", line: 3, severity: "error" }],
    ["src/a.ts(3,5): error TS2322: no", { file: "src/a.ts", line: 3, severity: "error", rule: "TS2322" }],
    ["[ERROR] /src/A.java:[3,5] cannot find symbol", { file: "/src/A.java", line: 3, severity: "error" }],
    ["tidy error: src/a.rs:3: trailing whitespace", { file: "src/a.rs", line: 3, severity: "error" }],
    ["tidy error: src/a.rs: missing newline", { file: "src/a.rs", line: null, severity: "error" }],
    ['  File "src/a.py", line 3, in total', { file: "src/a.py", line: 3 }],
    ["  --> src/a.rs:3:5", { file: "src/a.rs", line: 3 }],
    ["src/a.py:3:1: F401 'os' imported but unused", { file: "src/a.py", line: 3, rule: "F401" }],
    ["src/a.js: line 3, col 5, Error - 'a' is never used. (no-unused-vars)", { line: 3, rule: "no-unused-vars" }],
    ["[src/a.proto:3:1] Field name must be snake_case", { file: "src/a.proto", line: 3 }],
  ])("%s", (text, finding) => {
    expect(new FindingReader().read(text)).toMatchObject(finding);
  });

  test.each(["https://example.org:8080/a", "at 08:10:03 it ended", "v1.2.3:4", "127.0.0.1:3000: refused"])(
    "%s names no place",
    (text) => {
      expect(new FindingReader().read(text)).toBeNull();
    },
  );

  test("below a file on a line of its own have that file, also as evidence", () => {
    const lines = [
      "/src/app/cart.js",
      "  3:5  error  'a' is never used  no-unused-vars",
      "",
      "✖ 1 problem (1 error, 0 warnings)",
    ];
    const found = classify(asLog("npx eslint .", lines, 1));
    expect(found.evidence).toContainEqual(
      expect.objectContaining({
        file: "/src/app/cart.js",
        line: 3,
        text: "3:5  error  'a' is never used  no-unused-vars",
      }),
    );
  });
});
