import type { World } from "./world.ts";

/** Turns p9 on, and lets it believe a verdict after a second. */
export const QUICK_POLICY = "ci_watch:\n  enabled: true\n  settle: 1\nci_heal:\n  enabled: true\n";

/** A pull request #42 for the project's branch whose one required check ends so many seconds after its push. */
export function pullRequest(world: World, conclusion: "SUCCESS" | "FAILURE", ends: number, number = 42): void {
  const repo = world.github?.world.repo("octo/app");
  const pull = repo?.pull(number, { branch: "feature", head: world.git(["rev-parse", "HEAD"]).trim() });
  pull?.head.checks({ name: "lint", starts: 0, ends, conclusion, log: "src/a.ts:3:7 error no-unused-vars" });
  repo?.require({ required: ["lint"] });
}

/** Whether a watch of this world has its verdict. */
export function hasVerdict(world: World): boolean {
  return world.events().some(({ type, to_state }) => type === "transition" && /GREEN|RED/.test(String(to_state)));
}
