// Prints how well the classifier does on labelled logs: `deno run -A tests/bench/classify.ts <labelled.jsonl> [--reruns <reruns.jsonl>] [-v]`.
import { readFileSync } from "node:fs";
import { classify, floorOf } from "../../src/heal/classify/classify.ts";

interface Labelled {
  id: string;
  category: string;
  healable: boolean;
  heal_class: string;
  also_ok: string[];
  log: string;
}

const args = process.argv.slice(2);
const rerunsAt = args.indexOf("--reruns");
const reruns = rerunsAt < 0 ? null : (args[rerunsAt + 1] ?? "");
const files = args.filter((arg) => !arg.startsWith("-") && arg !== reruns);
const verbose = process.argv.includes("-v");
const read = (file: string): Labelled[] =>
  readFileSync(file, "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Labelled);
const rows = files.flatMap(read);
const HEALED = ["lint", "format", "codegen_drift", "test_flaky"];
const wanted = (row: Labelled): string => (row.category === "other" ? "unclassified" : row.category);
const table = new Map<string, { of: number; right: number; said: number; lenient: number }>();
const entry = (name: string) => table.get(name) ?? table.set(name, { of: 0, right: 0, said: 0, lenient: 0 }).get(name)!;
const buckets = new Map<string, [number, number]>();
let strict = 0;
let lenient = 0;
let proposals = 0;
let wrong = 0;
let unclassified = 0;
const seen = new Map<string, string>();
const signatures = new Map<string, string>();
const started = performance.now();
let size = 0;
for (const row of rows) {
  const result = classify(row.log);
  size += row.log.length;
  const want = wanted(row);
  const said = result.failure_type;
  const ok = said === want;
  const okish = ok || row.also_ok.map((name) => (name === "other" ? "unclassified" : name)).includes(said);
  entry(want).of++;
  entry(said).said++;
  if (ok) entry(want).right++;
  if (ok) entry(said).lenient++;
  if (ok) strict++;
  if (okish) lenient++;
  if (said === "unclassified") unclassified++;
  const bucket =
    result.confidence === 0
      ? "0.00"
      : result.confidence < 0.6
        ? "<0.60"
        : result.confidence < 0.8
          ? "0.60-0.79"
          : result.confidence < 0.9
            ? "0.80-0.89"
            : result.confidence < 0.95
              ? "0.90-0.94"
              : ">=0.95";
  const counts = buckets.get(bucket) ?? [0, 0];
  buckets.set(bucket, [counts[0] + (okish ? 1 : 0), counts[1] + 1]);
  const heals = HEALED.includes(said) && result.confidence >= floorOf(said) && result.fixable;
  if (heals) proposals++;
  if (heals && !row.healable) wrong++;
  const same = seen.get(result.signature_hash);
  if (same) signatures.set(row.id, same);
  seen.set(result.signature_hash, row.id);
  if (verbose && (!okish || (heals && !row.healable) || process.argv.includes("--all")))
    console.log(
      `${okish ? "ok   " : "WRONG"} ${heals && !row.healable ? "FALSE HEAL " : ""}${row.id}: want ${want}${row.also_ok.length > 0 ? ` (${row.also_ok.join(",")})` : ""}, said ${said} ${result.confidence} by ${result.steps[0]?.judgement.why} | ${result.evidence[0]?.text.slice(0, 100)}`,
    );
}
const ms = performance.now() - started;
console.log("category        of  right  said  recall  precision");
for (const [name, t] of [...table].sort())
  console.log(
    `${name.padEnd(15)} ${String(t.of).padStart(3)} ${String(t.right).padStart(5)} ${String(t.said).padStart(5)}  ${t.of ? (t.right / t.of).toFixed(2) : "  - "}    ${t.said ? (t.lenient / t.said).toFixed(2) : " - "}`,
  );
console.log(
  `right ${strict} of ${rows.length}, lenient ${lenient}; unclassified said ${unclassified}; heal proposals ${proposals}, wrong ${wrong}`,
);
console.log("confidence: right (lenient) of all");
for (const [name, [right, all]] of [...buckets].sort())
  console.log(`  ${name.padEnd(10)} ${right}/${all} = ${(right / all).toFixed(2)}`);
console.log(
  `signatures shared by different failures: ${[...signatures].map((pair) => pair.join("=")).join(" ") || "none"}`,
);
if (reruns !== null) {
  const first = new Map(rows.map((row) => [row.id, classify(row.log)]));
  const pairs = read(reruns);
  const differ = pairs.filter((pair) => classify(pair.log).signature_hash !== first.get(pair.id)?.signature_hash);
  console.log(
    `re-run pairs with equal signature: ${pairs.length - differ.length} of ${pairs.length}; differ: ${differ.map((pair) => pair.id).join(" ")}`,
  );
}
console.log(`${(size / 1e6).toFixed(1)} MB in ${ms.toFixed(0)} ms`);
