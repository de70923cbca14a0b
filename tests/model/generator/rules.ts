import type { Random } from "../random.ts";
import type { PrWorld, RuleSpec } from "../world.ts";
import { addStatus, randomRule, randomRun } from "./base.ts";
import type { Feature } from "./mod.ts";

/** The rule to change; a new one where there is none. */
function ruleOf(world: PrWorld, random: Random, source?: RuleSpec["source"]): RuleSpec {
  const found = world.rules.find((rule) => !source || rule.source === source);
  if (found) return found;
  const rule = { ...randomRule(world, random), ...(source ? { source } : {}) };
  world.rules.push(rule);
  return rule;
}

/** A check that never reports is required. */
const neverReports: Feature = (world, random) => {
  ruleOf(world, random).required.push({ context: random.pick(["security", "license"]), app: null });
  return true;
};

/** The rule spells the context of a status otherwise. */
const spelling: Feature = (world, random) => {
  addStatus(world, random, "ci/build");
  ruleOf(world, random).required.push({ context: "CI/Build", app: null });
  return true;
};

/** The rule names the app that must report, and another does. */
const pinnedElsewhere: Feature = (world, random) => {
  const [status] = world.statuses;
  const job = world.runs[0]?.jobs[0];
  if (!status && !job) return false;
  const context = status && random.chance(0.6) ? status.context : (job?.name ?? status?.context ?? "");
  ruleOf(world, random).required.push({ context, app: random.pick(["vercel", "circle"]) });
  return true;
};

/** A check and a status of one name. */
const checkAndStatus: Feature = (world, random) => {
  const job = world.runs[0]?.jobs[0];
  if (!job) return false;
  addStatus(world, random, job.name);
  ruleOf(world, random).required.push({ context: job.name, app: null });
  return true;
};

/** Rulesets and classic protection both demand something. */
const twoSources: Feature = (world, random) => {
  if (world.rules.length !== 1) return false;
  const source = world.rules[0]?.source === "ruleset" ? "protection" : "ruleset";
  world.rules.push({ ...randomRule(world, random), source });
  return true;
};

/** A ruleset demands a workflow. */
const workflowRule: Feature = (world, random) => {
  if (!world.actionsEnabled || world.heads[0]?.message) return false;
  const rule = ruleOf(world, random, "ruleset");
  const name = random.chance(0.5) ? "Gate" : (world.runs[0]?.workflow ?? "Gate");
  rule.workflows.push(name);
  if (name === "Gate" && random.chance(0.75)) {
    const run = randomRun(random, 0, "Gate", random.int(1, 20));
    run.event = "pull_request";
    for (const job of run.jobs) if (random.chance(0.4)) job.conclusion = "FAILURE";
    world.runs.push(run);
  }
  return true;
};

/** A ruleset demands results of code scanning. */
const codeScanning: Feature = (world, random) => {
  const at = random.chance(0.25) ? null : random.int(20, 400);
  ruleOf(world, random, "ruleset").scans.push({ tool: "CodeQL", at, alerts: random.chance(0.3) });
  return true;
};

/** A ruleset demands a deployment. */
const deploymentRule: Feature = (world, random) => {
  const at = random.chance(0.3) ? null : random.int(20, 400);
  ruleOf(world, random, "ruleset").deployments.push({ environment: "staging", at });
  return true;
};

/** All of these concern what the base demands. */
export const ruleFeatures: Record<string, Feature> = {
  neverReports,
  spelling,
  pinnedElsewhere,
  checkAndStatus,
  twoSources,
  workflowRule,
  codeScanning,
  deploymentRule,
};
