// Measures a text model as a second opinion beside the classifier: hashed n-grams and linear one-vs-rest logistic regression, trained on
// all sources of labelled logs but one, asked about that one. `deno run -A tests/bench/text-model.ts [FOLDER]`; FOLDER holds
// wild-dev.jsonl and dev.jsonl. Nothing of it is shipped. Right answers are printed as strict/lenient.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Classification, classify } from "../../src/heal/classify/classify.ts";

interface Labelled {
  readonly category: string;
  readonly also_ok: readonly string[];
  readonly source?: string;
  readonly log: string;
}

/** A log with p9's answer and its features. */
interface Sample {
  readonly source: string;
  readonly type: string;
  /** Types that a lenient judge takes, too. */
  readonly accepted: readonly string[];
  readonly said: string;
  readonly confidence: number;
  readonly features: Features;
}

/** Buckets that are not empty, and their weights, of length 1 together. */
interface Features {
  readonly at: Uint16Array;
  readonly weight: Float64Array;
}

const BUCKETS = 2 ** 14;
const EPOCHS = 20;
const RATE = 0.5;
const DECAY = 1e-5;
/** The model names a type where p9 is below this, and its own probability reaches {@link NAMES}. */
const UNSURE = 0.7;
const NAMES = [0.2, 0.35];
/** It vetoes a rule that is at least so sure, when another type's probability reaches {@link VETOES}. */
const SURE = 0.9;
const VETOES = [0.6, 0.8];

const named = (category: string): string => (category === "other" ? "unclassified" : category);

/** The lines that a person would look at: what speaks of errors, and the end. */
function tellingText({ steps, evidence }: Classification): string {
  const lines = steps.slice(0, 3).flatMap(({ step }) => step.output.map(({ text }) => text));
  const loud = lines.filter((line) =>
    /error|fail|fatal|exception|denied|cannot|not found|timed? ?out|expected/i.test(line),
  );
  const script = steps.slice(0, 3).flatMap(({ step }) => step.script.slice(0, 5));
  return [...script, ...evidence.map(({ text }) => text), ...loud.slice(-120), ...lines.slice(-40)]
    .join("\n")
    .toLowerCase();
}

/** FNV-1a, folded to a bucket. */
function bucketOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return ((hash >>> 16) ^ hash) & (BUCKETS - 1);
}

/** Words, pairs of words, and four letters within words; digits are all the same. */
function featuresOf(text: string): Features {
  const counts = new Map<number, number>();
  const add = (gram: string) => counts.set(bucketOf(gram), (counts.get(bucketOf(gram)) ?? 0) + 1);
  for (const line of text.split("\n")) {
    const words =
      line
        .replace(/\d+/g, "0")
        .slice(0, 400)
        .match(/[a-z_]{2,30}|0/g) ?? [];
    for (const [index, word] of words.entries()) {
      add(`w ${word}`);
      if (index > 0) add(`p ${words[index - 1]} ${word}`);
      for (let at = 0; at + 4 <= word.length; at += 1) add(`c ${word.slice(at, at + 4)}`);
    }
  }
  const weight = Float64Array.from(counts.values(), (count) => 1 + Math.log(count));
  const length = Math.hypot(...weight) || 1;
  return { at: Uint16Array.from(counts.keys()), weight: weight.map((one) => one / length) };
}

/** One row of weights for each type, the last of each being its bias; quantised to 8 bit as it would be shipped. */
type Model = ReadonlyMap<string, { readonly table: Int8Array; readonly scale: number }>;

function train(samples: readonly Sample[]): Model {
  const types = [...new Set(samples.map(({ type }) => type))].sort();
  return new Map(types.map((type) => [type, quantised(trainOne(samples, type))]));
}

/** Stochastic gradient descent with AdaGrad, in an order that is the same at each run. */
function trainOne(samples: readonly Sample[], type: string): Float64Array {
  const row = new Float64Array(BUCKETS + 1);
  const seen = new Float64Array(BUCKETS + 1).fill(1e-3);
  let seed = 1;
  const next = (below: number): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed % below;
  };
  const step = (at: number, slope: number): void => {
    seen[at] = (seen[at] ?? 0) + slope * slope;
    row[at] = (row[at] ?? 0) - (RATE * slope) / Math.sqrt(seen[at] ?? 1);
  };
  for (let round = 0; round < EPOCHS * samples.length; round += 1) {
    const sample = samples[next(samples.length)];
    if (sample === undefined) continue;
    const { features } = sample;
    const off = probability(row, 1, features) - Number(sample.type === type);
    for (const [index, at] of features.at.entries())
      step(at, off * (features.weight[index] ?? 0) + DECAY * (row[at] ?? 0));
    step(BUCKETS, off);
  }
  return row;
}

function quantised(row: Float64Array): { readonly table: Int8Array; readonly scale: number } {
  const scale = row.reduce((most, one) => Math.max(most, Math.abs(one)), 1e-9) / 127;
  return { table: Int8Array.from(row, (one) => Math.round(one / scale)), scale };
}

function probability(row: ArrayLike<number>, scale: number, { at, weight }: Features): number {
  let sum = row[BUCKETS] ?? 0;
  for (let index = 0; index < at.length; index += 1) sum += (row[at[index] ?? 0] ?? 0) * (weight[index] ?? 0);
  return 1 / (1 + Math.exp(-sum * scale));
}

/** The type that the model takes for the most probable. */
function ask(model: Model, features: Features): { readonly type: string; readonly p: number } {
  const answers = [...model].map(([type, { table, scale }]) => ({ type, p: probability(table, scale, features) }));
  return answers.reduce((best, one) => (one.p > best.p ? one : best));
}

const args = process.argv.slice(2);
const folder = args[0] ?? fileURLToPath(new URL("../../../shared/corpus", import.meta.url));

function read(name: string): Sample[] {
  const file = join(folder, name);
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : [];
  return lines.map((line) => {
    const { category, also_ok, source, log } = JSON.parse(line) as Labelled;
    const found = classify(log);
    return {
      // Logs of one project are one source.
      source: source?.split(/[:#(]/)[0]?.trim() ?? name,
      type: named(category),
      accepted: [category, ...also_ok].map(named),
      said: found.failure_type,
      confidence: found.confidence,
      features: featuresOf(tellingText(found)),
    };
  });
}

/** A log and what the model, which has not seen its source, says of it. */
interface Asked {
  readonly sample: Sample;
  readonly guess: { readonly type: string; readonly p: number };
}

const count = <T>(list: readonly T[], holds: (one: T) => boolean): number => list.filter(holds).length;
const right = (asked: readonly Asked[], answer: (one: Asked) => string): string =>
  `${count(asked, (one) => answer(one) === one.sample.type)}/${count(asked, (one) => one.sample.accepted.includes(answer(one)))}`;

function print(name: string, asked: readonly Asked[]): void {
  const isOther = ({ sample, guess }: Asked, least: number) => guess.p >= least && guess.type !== sample.said;
  const unsure = asked.filter(({ sample }) => sample.confidence < UNSURE);
  const named = NAMES.map((least) => {
    const isNamed = (one: Asked) => unsure.includes(one) && isOther(one, least);
    return `p>=${least}: ${count(asked, isNamed)} named, ${right(asked, (one) => (isNamed(one) ? one.guess.type : one.sample.said))}`;
  });
  const vetoes = VETOES.map((least) => {
    const vetoed = asked.filter((one) => one.sample.confidence >= SURE && isOther(one, least));
    return `p>=${least}: ${vetoed.length}, ${count(vetoed, ({ sample }) => !sample.accepted.includes(sample.said))} of them wrong rules`;
  });
  const alone = `p9 ${right(asked, ({ sample }) => sample.said)}; model alone ${right(asked, ({ guess }) => guess.type)}`;
  console.log(
    `${name.slice(0, 30).padEnd(30)} ${String(asked.length).padStart(3)}  ${alone}; of ${unsure.length} unsure ${named.join(", ")}; vetoes ${vetoes.join(", ")}`,
  );
}

const samples = [...read("wild-dev.jsonl"), ...read("dev.jsonl")];
if (samples.length === 0) {
  console.log(`No labelled logs in "${folder}": wanted the folder of wild-dev.jsonl and dev.jsonl as the argument`);
} else {
  const sources = [...new Set(samples.map(({ source }) => source))];
  const asked = sources.flatMap((source) => {
    const model = train(samples.filter((sample) => sample.source !== source));
    const own = samples.filter((sample) => sample.source === source);
    const answers = own.map((sample) => ({ sample, guess: ask(model, sample.features) }));
    if (own.length > 1) print(source, answers);
    return answers;
  });
  const wild = asked.filter(({ sample }) => sample.source !== "dev.jsonl");
  print("all but dev.jsonl", wild);
  print("all", asked);
  const types = new Set(samples.map(({ type }) => type)).size;
  console.log(
    `table: ${types} types x ${BUCKETS + 1} weights of 8 bit, ${Math.round((types * (BUCKETS + 1)) / 1000)} kB`,
  );
}
