import type { Random } from "../random.ts";
import type { JobSpec, PrWorld, RuleSpec, RunSpec } from "../world.ts";

const JOBS: Record<string, string[]> = {
  CI: ["build", "test", "lint", "types"],
  E2E: ["e2e", "smoke", "deploy"],
  Docs: ["docs", "links", "build"],
};
const CONTEXTS = ["ci/circle", "ci/Jenkins", "coverage"];
const APPS = ["codecov", "sonar", "vercel"];

/** A pull request as most are: some workflows, perhaps statuses and checks of other apps, perhaps rules. */
export function baseWorld(seed: number, random: Random): PrWorld {
  const names = random.some(Object.keys(JOBS), 0.55);
  const workflows = names.length > 0 ? names : ["CI"];
  const world: PrWorld = {
    seed,
    features: [],
    asked: {
      start: random.chance(0.7) ? random.int(0, 20) : random.int(300, 1500),
      by: "number",
      clone: "own",
      until: 0,
    },
    pull: {
      branch: "feature",
      fork: null,
      exists: true,
      appears: 0,
      mergeable: [],
      draft: [],
      ends: [],
      queue: null,
      reviews: [],
      threads: [],
    },
    heads: [{ at: 0, label: `head of ${seed}`, force: false, message: null, lag: 0, checksLag: 0 }],
    runs: workflows.map((name) => randomRun(random, 0, name, random.int(1, 12))),
    statuses: [],
    checks: [],
    rules: [],
    workflows: random.chance(0.7),
    actionsEnabled: true,
    strangers: [],
    trouble: { skew: 0, holes: [], faults: [], refused: [] },
  };
  if (random.chance(0.25)) addStatus(world, random);
  if (random.chance(0.2)) addAppCheck(world, random);
  if (random.chance(0.55)) world.rules.push(randomRule(world, random));
  return world;
}

/** A run of a workflow on a head, created so many seconds after its push. */
export function randomRun(random: Random, head: number, workflow: string, created: number): RunSpec {
  const names = random.some(JOBS[workflow] ?? ["job"], 0.6);
  const event = random.weighted([
    ["pull_request", 90],
    ["push", 6],
    ["pull_request_target", 4],
  ] as const);
  const jobs = (names.length > 0 ? names : (JOBS[workflow] ?? ["job"]).slice(0, 1)).map((name) =>
    randomJob(random, name),
  );
  return { head, workflow, event, created, jobs, group: null, reruns: [], broken: false };
}

/** A job: nine of ten pass. */
export function randomJob(random: Random, name: string): JobSpec {
  const appears = random.chance(0.2) ? random.int(10, 120) : 0;
  const conclusion = random.weighted([
    ["SUCCESS", 880],
    ["FAILURE", 55],
    ["SKIPPED", 30],
    ["NEUTRAL", 20],
    ["TIMED_OUT", 8],
    ["CANCELLED", 4],
    ["STALE", 3],
  ] as const);
  if (conclusion === "SKIPPED") return { name, appears, starts: appears, ends: appears, conclusion, again: [] };
  const starts = appears + random.int(0, 20);
  return { name, appears, starts, ends: starts + random.int(5, 400), conclusion, again: [] };
}

/** A commit status that is pending first. */
export function addStatus(world: PrWorld, random: Random, context = random.pick(CONTEXTS)): void {
  const from = random.int(0, 20);
  const end = random.weighted([
    ["SUCCESS", 90],
    ["FAILURE", 7],
    ["ERROR", 3],
  ] as const);
  const states: PrWorld["statuses"][number]["states"] = [
    [from, "PENDING"],
    [from + random.int(5, 300), end],
  ];
  world.statuses.push({ head: 0, context, app: random.chance(0.3) ? "circle" : null, states });
}

function addAppCheck(world: PrWorld, random: Random): void {
  const appears = random.int(0, 15);
  const starts = appears + random.int(0, 10);
  const conclusion = random.weighted([
    ["SUCCESS", 85],
    ["FAILURE", 8],
    ["NEUTRAL", 5],
    ["ACTION_REQUIRED", 2],
  ] as const);
  const app = random.pick(APPS);
  world.checks.push({ head: 0, app, name: app, appears, starts, ends: starts + random.int(5, 200), conclusion });
}

/** A rule that demands some of what reports. */
export function randomRule(world: PrWorld, random: Random): RuleSpec {
  const jobs = world.runs.flatMap((run) =>
    run.jobs.map(({ name }) => ({ context: name, app: pin(random, "github-actions") })),
  );
  const statuses = world.statuses.map(({ context }) => ({ context, app: null }));
  const apps = world.checks.map(({ name, app }) => ({ context: name, app: pin(random, app) }));
  const required = random.some([...jobs, ...statuses, ...apps], 0.6);
  if (random.chance(0.08)) required.push({ context: "security", app: null });
  return {
    source: random.chance(0.6) ? "ruleset" : "protection",
    required,
    approvals: 0,
    conversations: false,
    workflows: [],
    scans: [],
    deployments: [],
  };
}

function pin(random: Random, app: string): string | null {
  return random.chance(0.15) ? app : null;
}
