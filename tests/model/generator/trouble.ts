import type { Random } from "../random.ts";
import type { HoleSpec } from "../world.ts";
import type { Feature } from "./mod.ts";

const REASONS = ["RESOURCE_LIMITS_EXCEEDED", "FORBIDDEN", "SERVICE_UNAVAILABLE"] as const;

/** From when to when a hole lasts: for a while or for ever. */
function lasting(random: Random): Pick<HoleSpec, "from" | "to"> {
  const from = random.chance(0.5) ? 0 : random.int(5, 200);
  return { from, to: random.chance(0.5) ? null : from + random.int(30, 600) };
}

/** A page of the checks is null. */
const pageHole: Feature = (world, random) => {
  const many = world.features.some((name) => name === "matrix");
  world.trouble.holes.push({
    of: "checks",
    what: random.pick(REASONS),
    page: many ? random.int(1, 2) : 1,
    ...lasting(random),
  });
  return true;
};

/** One check of the list is null. */
const nodeHole: Feature = (world, random) => {
  world.trouble.holes.push({
    of: "checks",
    what: random.pick(REASONS),
    page: 1,
    node: random.int(0, 3),
    ...lasting(random),
  });
  return true;
};

/** The list does not end, or is shorter than it says. */
const listHole: Feature = (world, random) => {
  world.trouble.holes.push({ of: "checks", what: random.pick(["repeats", "counts"]), ...lasting(random) });
  return true;
};

/** Single sign-on: the pull request itself is null. */
const samlHole: Feature = (world, random) => {
  const from = random.int(5, 200);
  world.trouble.holes.push({
    of: "pull",
    what: "saml",
    from,
    to: random.chance(0.3) ? null : from + random.int(30, 600),
  });
  return true;
};

/** Reviews or threads are null: nothing for the checks, all for the merge. */
const reviewHole: Feature = (world, random) => {
  world.trouble.holes.push({ of: random.pick(["threads", "opinions"]), what: random.pick(REASONS), from: 0, to: null });
  return true;
};

/** The token may not read something. */
const tokenRefused: Feature = (world, random) => {
  world.trouble.refused.push(random.pick(["actions", "rules", "rules", "checks"]));
  return true;
};

/** The local clock is wrong. */
const skew: Feature = (world, random) => {
  world.trouble.skew = random.pick([-86_400, -3600, -300, -60, -20, 20, 60, 300, 3600, 86_400]);
  return true;
};

/** Requests that come to nothing for a while. */
const faults: Feature = (world, random) => {
  const kind = random.pick(["502", "504", "drop", "secondary", "secondary-bare", "timeout", "rate-limit"] as const);
  world.trouble.faults.push({
    kind,
    from: world.asked.start + random.int(5, 300),
    times: random.int(1, 3),
    pause: random.int(20, 120),
  });
  return true;
};

/** GitHub shows what reports on the head some seconds late. */
const checksLag: Feature = (world, random) => {
  for (const head of world.heads) head.checksLag = random.int(3, 20);
  return true;
};

/** All of these concern what stands between GitHub and who asks. */
export const troubleFeatures: Record<string, Feature> = {
  pageHole,
  nodeHole,
  listHole,
  samlHole,
  reviewHole,
  tokenRefused,
  skew,
  faults,
  checksLag,
};
