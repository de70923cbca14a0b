// needs: gh, namespaces
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { followGit, type Pull } from "../servers/github/mod.ts";
import { missingForClient } from "./claude/support/client.ts";
import { bash, say } from "./claude/support/model.ts";
import { PLUGIN, REPO, until, World } from "./claude/support/world.ts";

const missing = missingForClient();
let world: World;
afterEach(() => world?.destroy());

/** A project with a linter of its own, a policy, and a branch with a pull request that the linter will not like. */
function prepareProject(): void {
  symlinkSync(join(REPO, "node_modules/.bin/biome"), join(world.root, "bin/biome"));
  const write = (path: string, text: string) => {
    mkdirSync(join(world.project, path, ".."), { recursive: true });
    writeFileSync(join(world.project, path), text);
  };
  write(
    "package.json",
    `${JSON.stringify({ scripts: { lint: "biome lint src", "lint:fix": "biome lint --write src" } }, null, 2)}\n`,
  );
  write("biome.json", '{ "linter": { "rules": { "style": { "useConst": "error" } } } }\n');
  write(".control/policy.yaml", "ci_watch:\n  enabled: true\n  settle: 1\nci_heal:\n  enabled: true\n");
  world.git(["add", "-A"]);
  world.git(["commit", "-q", "-m", "Set the project up"]);
  world.git(["push", "-q", "origin", "HEAD:main", "feature"]);
  // The user's own configuration names the repair, so nothing of the repository has to be trusted first.
  mkdirSync(world.state, { mode: 0o700 });
  writeFileSync(join(world.state, "config.yaml"), 'ci_heal:\n  commands:\n    lint: "npm run --silent lint:fix"\n');
}

/** CI: for every pushed commit the project's linter really runs on it; the check ends when the test says so. */
function runCi(): Pull {
  const repo = world.github?.world.repo("octo/app");
  const pull = repo?.pull(42, {
    branch: "feature",
    head: world.git(["rev-parse", "HEAD"]).trim(),
    files: ["src/total.js"],
  });
  if (!repo || !pull) throw new Error("No GitHub");
  repo.require({ required: ["lint"] });
  pull.head.checks("lint");
  followGit(repo, world.lab.remote, ({ branch, commit }) => {
    if (branch === "feature" && commit.suites.length === 0)
      commit.checks({ name: "lint", starts: 0, ends: null, ...lint(commit.sha) });
  });
  return pull;
}

/** Ends the check of the commit that was pushed last, once GitHub knows it. */
async function endCi(pull: Pull): Promise<void> {
  await until(
    () => pull.head.sha === world.git(["rev-parse", "feature"], world.lab.remote).trim(),
    () => "the pushed commit at GitHub",
  );
  pull.head.endChecks();
}

function lint(sha: string): { conclusion: string; log: string } {
  const checkout = join(world.root, `ci-${sha.slice(0, 8)}`);
  execFileSync("git", ["clone", "-q", world.lab.remote, checkout], { env: world.env() });
  execFileSync("git", ["checkout", "-q", sha], { cwd: checkout, env: world.env(), stdio: "pipe" });
  const { status, stdout, stderr } = spawnSync("npm", ["run", "lint"], {
    cwd: checkout,
    env: world.env(),
    encoding: "utf8",
  });
  rmSync(checkout, { recursive: true, force: true });
  const lines = ["##[group]Run npm run lint", "##[endgroup]", ...`${stdout}${stderr}`.split("\n")];
  if (status !== 0) lines.push(`##[error]Process completed with exit code ${status}.`);
  const log = lines.map((line) => `2026-11-20T12:00:00.0000000Z ${line}`).join("\n");
  return { conclusion: status === 0 ? "SUCCESS" : "FAILURE", log };
}

const states = () => world.events().flatMap(({ type, to_state }) => (type === "transition" ? [String(to_state)] : []));
const reaches = (state: string) =>
  until(
    () => states().includes(state),
    () => `${state}, after ${states()}\n${world.notes()}`,
  );

test.skipIf(missing)(
  "headline: push, other work meanwhile, red, one wake, healed, green, one wake, ready to merge; waiting costs no request",
  async () => {
    world = await World.create();
    prepareProject();
    const pull = runCi();
    const session = world.stream({ args: PLUGIN });
    const news = () => world.model.requests.at(-1)?.news ?? "";

    world.model.script(
      bash('p9 wait-queue push --item "Write down what the rate means" --source session'),
      bash("mkdir -p src && printf 'let rate = 2;\\nexport const total = (n) => n * rate;\\n' > src/total.js"),
      bash("git add -A && git commit -q -m 'Add the total' && git push"),
      bash('p9 wait-queue pop --json > ../item.json && echo "The rate is a factor." > ../notes.md'),
      bash(`sleep 3; p9 wait-queue done "$(node -p 'require("../item.json").id')"`),
      say("The note is written; nothing else to do."),
    );
    session.send("Add the total, push it, and use the time.");
    await session.turn(1);
    expect(world.model.requests[3]?.news).toContain("p9 watches");
    expect(world.model.requests[3]?.news).toContain("“Write down what the rate means”");

    // Red on lint: one wake, with the evidence and one next action; no request before it.
    let before = world.model.requests.length;
    world.model.script(
      bash("p9 heal 42 --classify"),
      bash("p9 heal 42 --apply"),
      say("Healed, pushed, watched again."),
    );
    await endCi(pull);
    await session.turn(2);
    const red = world.model.requests[before]?.news ?? "";
    expect(red).toContain("PR #42 (octo/app) ended RED_CLASSIFIED (failed)");
    expect(red).toContain("useConst");
    expect(red.match(/Next action: p9 heal 42/g)).toHaveLength(1);
    expect(world.model.requests).toHaveLength(before + 3);
    expect(world.model.requests[before + 1]?.news).toContain('"failure_type": "lint"'.replace(" ", ""));
    expect(world.git(["log", "-1", "--format=%s", "feature"], world.lab.remote)).toMatch(/^Fix lint/);

    // Green: one wake, and the merge predicate holds.
    before = world.model.requests.length;
    world.model.script(bash("p9 merge-ready 42"), say("Ready to merge."));
    await endCi(pull);
    await reaches("GREEN");
    await session.turn(3);
    expect(world.model.requests[before]?.news).toContain("PR #42 (octo/app) ended GREEN (succeeded)");
    expect(world.model.requests[before]?.news.match(/Next action: p9 merge-ready 42/g)).toHaveLength(1);
    expect(news()).toContain("marked MERGE_READY");
    expect(world.model.requests).toHaveLength(before + 2);
    expect(states()).toEqual(expect.arrayContaining(["WATCHING", "RED_CLASSIFIED", "HEALING", "GREEN", "MERGE_READY"]));

    // What the waiting was worth.
    const stats = JSON.parse(
      execFileSync(process.execPath, [join(REPO, "dist/p9.js"), "stats", "--json"], {
        env: world.env(),
        cwd: world.project,
        encoding: "utf8",
      }),
    );
    expect(stats).toMatchObject({ work: { done: 1 }, verdicts: { failed: 1, succeeded: 1 }, heals: { succeeded: 1 } });
    expect(stats.reclaimed_s).toBeGreaterThan(0);
    expect(stats.wake_latency_s.count).toBe(2);
    await session.close();
    expect(session.turns).toBe(3);
  },
);
