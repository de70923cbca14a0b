import process from "node:process";
import { causeOf } from "./causes.ts";
import { check, type Difference } from "./check.ts";
import { makeClones } from "./clones.ts";
import { generate } from "./generator/mod.ts";
import { Oracle } from "./oracle/mod.ts";

/**
 * `node tests/model/run.mjs [seeds] [--from N] [--seed N]`: random pull requests, p9's verdict beside the oracle's. Prints the seeds of every
 * difference, grouped by what was mixed in; exit 1 when one is grave. P9_SOAK=1: ten thousand.
 */
const option = (name: string) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? null : Number(process.argv[at + 1]);
};
const one = option("--seed");
const from = one ?? option("--from") ?? 1;
const given = Number(process.argv[2]);
const count = one !== null ? 1 : Number.isInteger(given) && given > 0 ? given : process.env.P9_SOAK ? 10_000 : 200;

if (one !== null) show(one);
const clones = makeClones();
const differences: Difference[] = [];
const began = Date.now();
try {
  for (let seed = from; seed < from + count; seed += 1) {
    differences.push(...(await check(seed, clones)));
    if ((seed - from + 1) % 500 === 0) console.error(`${seed - from + 1} of ${count}`);
  }
} finally {
  clones.remove();
}
report(differences);
process.exitCode = differences.some(({ kind }) => kind === "grave") ? 1 : 0;

/** The world of one seed, and what the oracle says of it as it changes. */
function show(seed: number): void {
  const world = generate(seed);
  console.log(JSON.stringify(world, null, 1));
  const oracle = new Oracle(world);
  for (const at of oracle.changes) {
    const { word, why, also } = oracle.at(at);
    const { ready } = oracle.readyAt(at);
    console.log(`${at}\t${word} (${why})${also.length > 0 ? ` also ${also.join(", ")}` : ""}\tready: ${ready}`);
  }
}

function report(list: readonly Difference[]): void {
  const seeds = new Set(list.map(({ seed }) => seed)).size;
  const grave = list.filter(({ kind }) => kind === "grave").length;
  const seconds = ((Date.now() - began) / 1000).toFixed(0);
  console.log(
    `${count} pull requests from seed ${from} in ${seconds} s: ${grave} grave, ${list.length - grave} other differences, in ${seeds} seeds`,
  );
  const groups = new Map<string, Difference[]>();
  for (const difference of list) {
    const cause = causeOf(difference);
    groups.set(cause, [...(groups.get(cause) ?? []), difference]);
  }
  for (const [cause, members] of [...groups].sort((a, b) => b[1].length - a[1].length)) {
    const bad = members.filter((member) => member.kind === "grave").length;
    console.log(`\n${cause}: ${bad} grave, ${members.length - bad} others`);
    for (const { seed, kind, p9, oracle, at, features, why } of members.sort((a, b) => a.seed - b.seed)) {
      console.log(`  seed ${seed} at ${at} s: ${kind}, p9 ${p9}, oracle ${oracle} [${features.join(" ")}] ${why}`);
    }
  }
}
