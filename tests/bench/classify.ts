// Prints how well the classifier does on labelled logs: per type, CI and source, with evidence, heals, re-runs, signatures and speed.
// `deno run -A tests/bench/classify.ts [FOLDER] [-v]`; FOLDER holds dev.jsonl, dev-reruns.jsonl, wild-dev.jsonl and needles-dev.jsonl.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as z from "zod/mini";
import { ciHeal } from "../../src/config/schema.ts";
import { classify } from "../../src/heal/classify/classify.ts";
import { FAILURE_TYPES } from "../../src/heal/classify/rule.ts";
import { healCommand, isClassified } from "../../src/heal/repair/plan.ts";

interface Labelled {
  id: string;
  category: string;
  heal_class: string;
  also_ok: string[];
  rerun_maybe?: boolean;
  ci?: string;
  source?: string;
  log: string;
}

interface Needles {
  id: string;
  needles: string[][];
}

interface Row {
  id: string;
  type: string;
  ci: string;
  source: string;
  said: string;
  why: string;
  strict: boolean;
  lenient: boolean;
  sure: boolean;
  heals: boolean;
  wrongHeal: boolean;
  reruns: boolean;
  wrongRerun: boolean;
  /** Whether each needed line is shown, the most needed one first. */
  shown: boolean[];
  signature: string;
}

/** A policy that takes every type for classified and names a command for each. */
const POLICY = {
  ci_heal: z.parse(ciHeal, {
    classified_failure_types: FAILURE_TYPES,
    commands: Object.fromEntries(FAILURE_TYPES.map((type) => [type, "make fix"])),
  }),
};
const MENDED = ["format", "lint_fix", "codegen"];
const named = (category: string): string => (category === "other" ? "unclassified" : category);
const fold = (text: string): string => text.replace(/\s+/g, " ").trim();

const args = process.argv.slice(2);
const beside = fileURLToPath(new URL("../../../shared/corpus", import.meta.url));
const folder = args.find((arg) => !arg.startsWith("-")) ?? beside;

function read<T>(name: string): T[] {
  const file = join(folder, name);
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
  return lines.map((line) => JSON.parse(line) as T);
}

function judge(row: Labelled, needed: readonly string[][]): Row {
  const found = classify(row.log);
  const { failure_type: said, confidence, transient, evidence, steps, signature_hash } = found;
  const texts = evidence.map(({ text }) => fold(text));
  const heals = isClassified(found, POLICY) && healCommand(found, POLICY, "/nowhere") !== null;
  const reruns = transient && confidence >= 0.8;
  return {
    id: row.id,
    type: row.category,
    ci: row.ci ?? "",
    source: (row.source ?? "").split(/[:#(]/)[0]?.trim() ?? "",
    said,
    why: steps[0]?.judgement.why ?? "",
    strict: said === named(row.category),
    lenient: [row.category, ...row.also_ok].map(named).includes(said),
    sure: confidence >= 0.9,
    heals,
    wrongHeal: heals && !MENDED.includes(row.heal_class),
    reruns,
    wrongRerun: reruns && row.heal_class !== "rerun" && row.rerun_maybe !== true,
    shown: needed.map((alternatives) => texts.some((text) => alternatives.some((one) => text.includes(fold(one))))),
    signature: signature_hash,
  };
}

const count = <T>(list: readonly T[], holds: (one: T) => boolean): number => list.filter(holds).length;

function print(name: string, rows: readonly Row[]): void {
  const sure = rows.filter((row) => row.sure);
  const told = rows.filter(({ shown }) => shown.length > 0);
  const lines = told.flatMap(({ shown }) => shown);
  const shown =
    told.length > 0
      ? `  first line ${count(told, (row) => row.shown[0] === true)}/${told.length}, lines ${count(lines, Boolean)}/${lines.length}`
      : "";
  console.log(
    `${name.slice(0, 28).padEnd(28)} ${String(rows.length).padStart(4)}  strict ${count(rows, (row) => row.strict)}, lenient ${count(rows, (row) => row.lenient)}; sure ${count(sure, (row) => row.lenient)}/${sure.length}${shown}; heals ${count(rows, (row) => row.heals)}, wrong ${count(rows, (row) => row.wrongHeal)}; re-runs ${count(rows, (row) => row.reruns)}, wrong ${count(rows, (row) => row.wrongRerun)}`,
  );
}

function printBy(key: "type" | "ci" | "source", rows: readonly Row[]): void {
  const values = [...new Set(rows.map((row) => row[key]))].filter((value) => value !== "").sort();
  const groups = values.map((value) => [value, rows.filter((row) => row[key] === value)] as const);
  // A source of one log alone says nothing.
  for (const [value, group] of groups) if (key !== "source" || group.length > 1) print(value, group);
}

const needles = new Map(read<Needles>("needles-dev.jsonl").map((one) => [one.id, one.needles]));
for (const file of ["wild-dev.jsonl", "dev.jsonl"]) {
  const logs = read<Labelled>(file);
  if (logs.length === 0) continue;
  const started = performance.now();
  const rows = logs.map((row) => judge(row, needles.get(row.id) ?? []));
  const took = performance.now() - started;
  const size = logs.reduce((total, { log }) => total + log.length, 0);
  console.log(`\n${file}`);
  for (const key of ["type", "ci", "source"] as const) printBy(key, rows);
  print("all", rows);
  const shared = rows.length - new Set(rows.map(({ signature }) => signature)).size;
  console.log(`failures that share a signature: ${shared}; ${(size / 1e6).toFixed(1)} MB in ${took.toFixed(0)} ms`);
  const again = file === "dev.jsonl" ? read<Labelled>("dev-reruns.jsonl") : [];
  const first = new Map(rows.map(({ id, signature }) => [id, signature]));
  const same = count(again, ({ id, log }) => classify(log).signature_hash === first.get(id));
  if (again.length > 0) console.log(`re-runs with an equal signature: ${same} of ${again.length}`);
  if (args.includes("-v"))
    for (const { id, type, said, why } of rows.filter((row) => !row.lenient || row.wrongHeal || row.wrongRerun))
      console.log(`  ${id}: ${type}, said ${said} by ${why}`);
}
/** Milliseconds of CPU that one log takes. */
function cpu(log: string): number {
  const started = process.cpuUsage();
  classify(log);
  const { user, system } = process.cpuUsage(started);
  return Math.round((user + system) / 1000);
}

const end = "##[error]Process completed with exit code 1.\n";
const large = `${"src/cart.ts compiled in 12 ms, nothing to report (0 warnings)\n".repeat(800_000)}${end}`;
console.log(`\na log of ${(large.length / 1e6).toFixed(0)} MB: ${cpu(large)} ms of CPU`);
const HOSTILE: Readonly<Record<string, string>> = {
  "seven bytes a line": "abcdef\n".repeat(450_000),
  "one word": "a".repeat(3_000_000),
  "one line of colons": "a:1:".repeat(750_000),
  "one line of spaces": " ".repeat(3_000_000),
  "one line of escapes": "\u001b[".repeat(1_500_000),
  "errors alone": "error: \n".repeat(400_000),
  "paths alone": "src/a.ts\n".repeat(330_000),
};
for (const [name, log] of Object.entries(HOSTILE)) console.log(`3 MB of ${name}: ${cpu(`${log}\n${end}`)} ms of CPU`);
const { logProviders } = await import("../../plugins/log-providers/registry.ts");
console.log(`log providers: ${Object.keys(logProviders).length} (their tests: tests/log-providers/)`);
