// Situations of pull requests, `gh pr checks --watch` and p9 side by side against the same server: prints the table of the README.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { startGitHub } from "../servers/github/mod.ts";
import { runFor } from "./lib/gh-watch.ts";
import { type Situation, situations } from "./lib/situations.ts";

/** A watch that has not ended by then never ends. */
const LIMIT_S = 15;
const p9 = join(dirname(fileURLToPath(import.meta.url)), "../../dist/p9.js");

interface Row {
  readonly situation: string;
  readonly right: string;
  readonly gh: string;
  readonly p9: string;
  readonly ok: boolean;
}

async function compare(situation: Situation): Promise<Row> {
  const [gh, p9Says] = [await askGh(situation), await askP9(situation)];
  return { situation: situation.name, right: situation.right, gh, p9: p9Says, ok: situation.wanted.test(p9Says) };
}

async function askGh(situation: Situation): Promise<string> {
  if (situation.merge) return "does not say";
  const github = await prepared(situation);
  const argv = ["gh", "pr", "checks", "42", "--watch", "--interval", "1", "-R", "octo/app"];
  const { code, output } = await runFor(argv, LIMIT_S, { env: { ...process.env, ...github.env } });
  await github.stop();
  if (code === null) return "never ends";
  const last = output.trim().split("\n").at(-1) ?? "";
  return `exit ${code}${/no checks reported|HTTP \d|EOF/.test(last) ? `: ${last.slice(0, 50)}` : ""}`;
}

async function askP9(situation: Situation): Promise<string> {
  const github = await prepared(situation);
  const directory = mkdtempSync(join(tmpdir(), "p9-side-"));
  mkdirSync(join(directory, ".control"));
  writeFileSync(
    join(directory, ".control/policy.yaml"),
    "ci_watch:\n  settle: 0\n  grace: { required: 5 }\nci_heal:\n  enabled: false\n",
  );
  const home = join(directory, "state");
  const env = {
    ...process.env,
    ...github.env,
    HOME: directory,
    BROOMVA_P9_HOME: home,
    BROOMVA_P9_REPO: "octo/app",
    NO_COLOR: "1",
  };
  const limit = situation.timeoutS === undefined ? [] : ["--timeout", String(situation.timeoutS)];
  const watch = ["watch", "42", "--interval", "1", ...limit];
  const args = situation.merge ? ["merge-status", "42", "--json"] : [...watch, "--json"];
  const { code, output } = await runFor([process.env.P9_TEST_NODE ?? "node", p9, ...args], LIMIT_S * 2, {
    env,
    cwd: directory,
  });
  await github.stop();
  rmSync(directory, { recursive: true, force: true });
  if (code === null) return "never ends";
  const document = output.split("\n").find((line) => line.startsWith("{")) ?? "{}";
  const { state, outcome, ready } = JSON.parse(document);
  return situation.merge ? `${ready ? "ready" : "not ready"}, exit ${code}` : `${state} ${outcome}, exit ${code}`;
}

async function prepared(situation: Situation) {
  const github = await startGitHub();
  situation.prepare(github.world, github.world.repo("octo/app"));
  return github;
}

const rows: Row[] = [];
for (const situation of situations) rows.push(await compare(situation));
console.log("| situation | right answer | `gh pr checks --watch` | `p9` |\n|---|---|---|---|");
for (const { situation, right, gh, p9: says, ok } of rows)
  console.log(`| ${situation} | ${right} | ${gh} | ${says}${ok ? "" : " **wrong**"} |`);
const wrong = rows.filter((row) => !row.ok);
if (wrong.length > 0) console.error(`p9 is wrong in ${wrong.length} of ${rows.length}`);
process.exit(wrong.length > 0 ? 1 : 0);
