import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { classify, classifyJobs, floorOf } from "../../../src/heal/classify/classify.ts";
import { asLog } from "../../e2e/heal/world.ts";
import { ROOT } from "../../helpers/p9.ts";

const HEALED = ["lint", "format", "codegen_drift", "test_flaky"];
const HEALABLE = ["format", "lint_fix", "codegen", "rerun"];

/** Logs of tools that no rule was tuned on, written from their real output: `=== id | category | heal class | command | exit`. */
const CASES = readFileSync(join(ROOT, "tests", "fixtures", "failures", "held-out.txt"), "utf8")
  .split(/^=== (?=[\w-]+ \| )/m)
  .slice(1)
  .map((part) => {
    const [head = "", ...body] = part.split("\n");
    const [id = "", category = "", heal = "", ...rest] = head.split(" | ");
    const command = rest.slice(0, -1).join(" | ");
    const exit = Number(rest.at(-1)) || 0;
    const lines = body.join("\n").trimEnd().split("\n");
    return { id, category: category === "other" ? "unclassified" : category, heal, log: asLog(command, lines, exit) };
  });

/** Whether p9 would run a repair for this log. */
function proposes(log: string): boolean {
  const found = classify(log);
  return (
    HEALED.includes(found.failure_type) && found.confidence >= floorOf(found.failure_type) && found.fixable === true
  );
}

describe("logs of tools that the rules were not made on", () => {
  test.each(CASES.map((one) => [one.id, one] as const))("%s", (_id, { category, log, heal }) => {
    expect(classify(log).failure_type).toBe(category);
    if (!HEALABLE.includes(heal)) expect(proposes(log)).toBe(false);
  });

  test("each has the signature of its re-run and no other's", () => {
    const first = CASES.map(({ log }) => classify(log).signature_hash);
    const later = (log: string) => log.replaceAll("2026-11-20T08:00:00.1234567Z", "2026-11-21T19:12:44.7654321Z");
    expect(CASES.map(({ log }) => classify(later(log)).signature_hash)).toEqual(first);
    expect(new Set(first).size).toBe(first.length);
  });

  test("keep their signatures among the logs of other jobs, whose first root cause is that of all", () => {
    const logs = CASES.map(({ id, log }) => ({ job: id, text: log }));
    const { whole, signatures } = classifyJobs(logs);
    const alone = CASES.map(({ log }) => classify(log));
    expect(signatures).toEqual(alone.map(({ signature_hash }) => signature_hash));
    const root = alone.findIndex(({ confidence }) => confidence > 0);
    expect(whole.signature_hash).toBe(signatures[root]);
    expect(whole.evidence[0]?.job).toBe(CASES[root]?.id);
  });
});

describe("shapes of logs", () => {
  const lines = [
    "[warn] src/a.js",
    "[warn] Code style issues found in the above file. Run Prettier with --write to fix.",
  ];

  test("as gh prints it, as the API gives it, with raw and caret escapes and with CRs, the answer is the same", () => {
    const raw = asLog("npx prettier --check .", lines, 1);
    const gh = raw
      .split("\n")
      .map((line, n) => `lint\tRun npx prettier\t${n === 0 ? "\ufeff" : ""}${line}`)
      .join("\n");
    const unknown = gh.replaceAll("Run npx prettier\t", "UNKNOWN STEP\t");
    const caret = raw.replaceAll("\u001b", "^[").replace("[warn]", "^[[33m[warn]^[[39m");
    const hashes = [raw, gh, unknown, caret, raw.replaceAll("\n", "\r\n")].map((log) => classify(log));
    expect(new Set(hashes.map(({ failure_type }) => failure_type))).toEqual(new Set(["format"]));
    expect(new Set(hashes.map(({ signature_hash }) => signature_hash)).size).toBe(1);
  });

  test("the script that a step echoes and the steps before it cannot speak", () => {
    const log = [
      asLog("npx eslint .", ["✖ 3 problems (3 errors, 0 warnings)"], 0),
      asLog('echo "run make generate and commit"; go test ./...', ["--- FAIL: TestA (0.00s)", "FAIL"], 1),
    ].join("\n");
    expect(classify(log)).toMatchObject({ failure_type: "test" });
  });

  test("a log that is only an upload's failure after failing tests is about the tests", () => {
    const log = [
      asLog("npx vitest run", ["      Tests  1 failed (1)"], 1),
      asLog(
        "bash <(curl -s https://codecov.io/bash) # upload",
        ["curl: (22) The requested URL returned error: 502"],
        22,
      ),
    ].join("\n");
    expect(classify(log).failure_type).toBe("test");
  });

  test("an empty log, a log without a failure and a log of rubbish are unclassified", () => {
    for (const log of ["", "\n\n", "all is well\n", "\u0000\u0001\u0002".repeat(500)])
      expect(classify(log)).toMatchObject({ failure_type: "unclassified", confidence: 0 });
  });

  test("evidence names the file and the line", () => {
    const found = classify(
      asLog("npx tsc", ["src/a.ts(12,5): error TS2322: Type 'string' is not assignable to type 'number'."], 2),
    );
    expect(found.evidence[0]).toMatchObject({ file: "src/a.ts", line: 12 });
  });
});

const CORPUS = [join(ROOT, "..", "shared", "corpus")].find((path) => existsSync(join(path, "dev.jsonl")));

describe.runIf(CORPUS !== undefined)("the corpus beside the checkout", () => {
  interface Labelled {
    id: string;
    category: string;
    healable: boolean;
    also_ok: string[];
    log: string;
  }
  const read = (name: string) =>
    readFileSync(join(CORPUS ?? "", name), "utf8")
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Labelled);
  const named = (category: string) => (category === "other" ? "unclassified" : category);

  test("no heal is proposed that would be wrong", () => {
    expect(
      read("dev.jsonl")
        .filter(({ log, healable }) => !healable && proposes(log))
        .map(({ id }) => id),
    ).toEqual([]);
  });

  test("nearly every log gets its type", () => {
    const wrong = read("dev.jsonl").filter(
      ({ log, category, also_ok }) => ![category, ...also_ok].map(named).includes(classify(log).failure_type),
    );
    expect(wrong.length, wrong.map(({ id }) => id).join(" ")).toBeLessThanOrEqual(2);
  });

  test("signatures agree on every re-run and differ between failures", () => {
    const first = new Map(read("dev.jsonl").map(({ id, log }) => [id, classify(log).signature_hash]));
    expect(new Set(first.values()).size).toBe(first.size);
    expect(
      read("dev-reruns.jsonl")
        .filter(({ id, log }) => classify(log).signature_hash !== first.get(id))
        .map(({ id }) => id),
    ).toEqual([]);
  });
});
