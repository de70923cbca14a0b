import { type Commit, notStarted, type Pull, type Repo } from "../servers/github/mod.ts";
import type { CheckPlan, RunPlan } from "../servers/github/plan.ts";
import type { World } from "../servers/github/world.ts";
import type { HeadSpec, HoleSpec, JobSpec, PrWorld, RuleSpec, RunSpec } from "./world.ts";

/** Plays a world on GitHub's side: everything is planned before the first request. */
export function apply(world: PrWorld, github: World): void {
  const repo = github.repo("octo/app");
  repo.fork("me");
  if (world.workflows) repo.workflows.push({ name: "CI", path: ".github/workflows/CI.yml" });
  repo.actionsEnabled = world.actionsEnabled;
  for (const rule of world.rules) addRule(rule, repo);
  for (const { number, fork, passes } of world.strangers) {
    const pull = repo.pull(number, { branch: world.pull.branch, fork: fork ?? undefined, head: `stranger ${number}` });
    pull.head.checks({ name: "build", conclusion: passes ? "SUCCESS" : "FAILURE" });
  }
  if (world.pull.exists) openPull(world, repo);
  addTrouble(world, github);
}

function openPull(world: PrWorld, repo: Repo): void {
  const { pull: spec, heads } = world;
  const [first] = heads;
  if (!first) throw new Error("A pull request has a head");
  const { branch, fork, appears } = spec;
  const draft = spec.draft.some(([at, is]) => at <= 0 && is);
  const pull = repo.pull(42, {
    branch,
    fork: fork ?? undefined,
    appears,
    draft,
    head: first.label,
    message: first.message ?? undefined,
  });
  const at = (second: number, run: () => void) => repo.world.at(second, run);
  for (const [index, head] of heads.entries()) {
    at(head.at, () => plan(world, index, index === 0 ? start(pull, head) : push(pull, head)));
  }
  for (const [second, value] of spec.mergeable) {
    at(second, () => {
      pull.mergeable = value;
    });
  }
  for (const [second, value] of spec.draft) if (second > 0) at(second, () => pull.setDraft(value));
  for (const [second, how] of spec.ends) at(second, () => pull[how]());
  for (const { at: second, ...review } of spec.reviews) at(second, () => pull.reviews.push(review));
  for (const [opened, resolved] of spec.threads) {
    const thread = { path: "src/app.ts", resolved: false };
    at(opened, () => pull.threads.push(thread));
    if (resolved !== null) {
      at(resolved, () => {
        thread.resolved = true;
      });
    }
  }
  queue(world, pull);
}

function start(pull: Pull, head: HeadSpec): Commit {
  pull.head.lag = head.checksLag;
  return pull.head;
}

function push(pull: Pull, head: HeadSpec): Commit {
  const { force, lag } = head;
  const commit = pull.push(head.label, { force, lag, message: head.message ?? undefined });
  commit.lag = head.checksLag;
  return commit;
}

/** What reports on a head, counted from its push. */
function plan(world: PrWorld, index: number, commit: Commit): void {
  const since = world.heads[index]?.at ?? 0;
  for (const run of world.runs.filter((one) => one.head === index)) addRun(run, since, commit);
  for (const { context, app, states } of world.statuses.filter((one) => one.head === index)) {
    commit.status({ context, app: app ?? undefined, states: states.map(([at, state]) => [at - since, state]) });
  }
  for (const check of world.checks.filter((one) => one.head === index)) {
    const { name, app, appears, starts, ends, conclusion } = check;
    const from = (second: number | null) => (second === null ? null : second - since);
    commit.checks({ name, app, appears: appears - since, starts: from(starts), ends: from(ends), conclusion });
  }
  if (index !== world.heads.length - 1) return;
  for (const { tool, at, alerts } of world.rules.flatMap((rule) => rule.scans)) {
    if (at !== null) commit.repo.world.at(at, () => commit.scans.set(tool, alerts ? "alerts" : "clean"));
  }
  for (const { environment, at } of world.rules.flatMap((rule) => rule.deployments)) {
    if (at === null) continue;
    const states: [number, string][] = [[0, "SUCCESS"]];
    commit.repo.world.at(at, () => commit.repo.deploy(commit.sha, { environment, states }));
  }
}

function addRun(run: RunSpec, since: number, commit: Commit): void {
  const { workflow, event, created } = run;
  if (run.broken) {
    commit.suite({ workflow, event, appears: created - since, status: "COMPLETED", conclusion: "STARTUP_FAILURE" });
    return;
  }
  const runPlan: RunPlan = {
    workflow,
    event,
    appears: created - since,
    jobs: run.jobs.map(jobPlan),
    ...(run.group ? { concurrency: { group: run.group.name, cancelInProgress: run.group.cancelInProgress } } : {}),
    ...(run.approved === undefined ? {} : { approved: run.approved }),
    ...(run.cancelled === undefined ? {} : { cancelled: run.cancelled }),
  };
  const suite = commit.run(runPlan);
  for (const { at, which } of run.reruns) {
    commit.repo.world.at(at, () => (which === "all" ? commit.rerunAll(suite) : commit.rerunFailed(suite)));
  }
}

function jobPlan(job: JobSpec): CheckPlan {
  const { name, appears, starts, ends, conclusion, environment } = job;
  const plan: CheckPlan = { name, appears, starts, ends, conclusion, rerun: job.again };
  if (job.refused) return notStarted(name, job.refused, { appears, starts, ends, rerun: job.again });
  if (!environment) return plan;
  const { by, released } = environment;
  const holds = {
    timer: { waitTimer: Math.max(1, Math.ceil((released ?? 60) / 60)) },
    rule: { customRule: "gate" },
    reviewers: { reviewers: ["ann"] },
  }[by];
  return { ...plan, environment: { name: environment.name, ...holds, released } };
}

function queue({ pull: { queue: spec } }: PrWorld, pull: Pull): void {
  if (!spec) return;
  const { world } = pull.repo;
  pull.repo.require({ source: "ruleset", required: [], mergeQueue: true });
  const failed = spec.leaves?.[1] === "failed_checks";
  world.at(spec.enqueued, () => {
    const group = pull.enqueue();
    const ends = spec.groupEnds - spec.enqueued;
    group.run({ event: "merge_group", jobs: [{ name: "build", ends, conclusion: failed ? "FAILURE" : "SUCCESS" }] });
  });
  if (spec.unmergeable !== null) {
    world.at(spec.unmergeable, () => {
      if (pull.queue) pull.queue.state = "UNMERGEABLE";
    });
  }
  if (!spec.leaves) return;
  const [at, why] = spec.leaves;
  world.at(at, () => (why === "merged" ? pull.merge() : pull.eject(why)));
}

function addRule(rule: RuleSpec, repo: Repo): void {
  const { source, approvals, workflows, scans, deployments } = rule;
  repo.require({
    source,
    approvals,
    conversationResolution: rule.conversations,
    required: rule.required.map(({ context, app }) => ({ context, app: app ?? undefined })),
    ...(workflows.length > 0 ? { workflows: workflows.map((name) => `.github/workflows/${name}.yml`) } : {}),
    ...(scans.length > 0 ? { codeScanning: scans.map(({ tool }) => tool) } : {}),
    ...(deployments.length > 0 ? { requiredDeployments: deployments.map(({ environment }) => environment) } : {}),
  });
}

const fields: Record<HoleSpec["of"], string> = {
  pull: "Repository.pullRequest",
  checks: "StatusCheckRollup.contexts",
  threads: "PullRequest.reviewThreads",
  opinions: "PullRequest.latestOpinionatedReviews",
};

function addTrouble({ trouble }: PrWorld, github: World): void {
  const { permissions } = github;
  for (const right of trouble.refused) {
    if (right === "actions") permissions.actions = false;
    if (right === "checks") permissions.checks = false;
    if (right === "rules") Object.assign(permissions, { rulesets: false, protection: false, branches: false });
  }
  for (const { of, what, page, node, from, to } of trouble.holes) {
    github.hole({ field: fields[of], what, page, node, after: from, ...(to === null ? {} : { lasts: to - from }) });
  }
  for (const { kind, from, times, pause } of trouble.faults) {
    github.fault({ kind, after: from, times, retryAfter: pause });
  }
}
