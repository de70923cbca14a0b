import type { Random } from "../random.ts";
import type { PrWorld } from "../world.ts";
import type { Feature } from "./mod.ts";

function byBranch(world: PrWorld, random: Random, fork: string | null): boolean {
  if (world.asked.by !== "number" || world.heads.length > 1) return false;
  world.asked.by = "branch";
  world.asked.clone = fork === null ? "own" : "fork";
  world.pull.fork = fork;
  for (let number = 50 + random.int(1, 2); number >= 50; number -= 1) {
    world.strangers.push({
      number,
      fork: number === 50 && fork !== null ? null : `stranger${number}`,
      passes: random.chance(0.7),
    });
  }
  return true;
}

/** My branch of this repository, and strangers' forks with a branch of that name. */
const strangers: Feature = (world, random) => byBranch(world, random, null);

/** My fork's branch, and a pull request of the repository's own branch of that name. */
const fromFork: Feature = (world, random) => byBranch(world, random, "me");

/** My branch has no pull request: all that GitHub shows under its name is somebody else's. */
const onlyStrangers: Feature = (world, random) => {
  if (!byBranch(world, random, null)) return false;
  world.pull.exists = false;
  return true;
};

/** It was created a moment ago: GitHub's replicas do not know it yet. */
const justCreated: Feature = (world, random) => {
  if (world.asked.by !== "number" || world.heads.length > 1) return false;
  world.asked.by = "created";
  world.asked.start = 0;
  world.pull.appears = random.int(1, 10);
  return true;
};

/** All of these concern which pull request is meant. */
export const forkFeatures: Record<string, Feature> = { strangers, fromFork, onlyStrangers, justCreated };
