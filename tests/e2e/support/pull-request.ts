import type { Pull } from "../../servers/github/mod.ts";
import { type Place, until } from "./place.ts";

/** Turns p9 on, and lets it believe a verdict after a second. */
export const QUICK_POLICY = "ci_watch:\n  enabled: true\n  settle: 1\nci_heal:\n  enabled: true\n";

/** A pull request #42 for the project's branch whose one required check runs until {@link Pull.head}'s checks are ended. */
export function pullRequest(world: Place, conclusion: "SUCCESS" | "FAILURE"): Pull {
  if (!world.github) throw new Error("No GitHub");
  const repo = world.github.world.repo("octo/app");
  const pull = repo.pull(42, { branch: "feature", head: world.git(["rev-parse", "HEAD"]).trim() });
  pull.head.checks({ name: "lint", starts: 0, ends: null, conclusion, log: "src/a.ts:3:7 error no-unused-vars" });
  repo.require({ required: ["lint"] });
  return pull;
}

/** Waits until p9 has asked GitHub once more. */
export async function anotherLook({ github }: Place): Promise<void> {
  const before = github?.seen.length ?? 0;
  await until(
    () => (github?.seen.length ?? 0) > before,
    () => "another look",
  );
}

/** Whether a watch of this world has its verdict. */
export function hasVerdict(world: Place): boolean {
  return world.events().some(({ type, to_state }) => type === "transition" && /GREEN|RED/.test(String(to_state)));
}
