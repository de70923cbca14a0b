import { GitHubError, textAt } from "../../../src/github.ts";
import type { PluginContext } from "../../../src/plugin.ts";

/** Relation of one commit to another. `older`: an ancestor. `unknown`: GitHub does not have one of them. */
export type Relation = "same" | "older" | "newer" | "diverged" | "unknown";

/** GitHub's `status` is about the head (`other`), so `ahead` means that `commit` is older. */
const RELATIONS: Readonly<Record<string, Relation>> = {
  identical: "same",
  ahead: "older",
  behind: "newer",
  diverged: "diverged",
};

/** Reads the relation of `commit` to `other` from GitHub's comparison. */
export async function relation(context: PluginContext, repo: string, commit: string, other: string): Promise<Relation> {
  if (commit === other) return "same";
  try {
    const answer = await context.github.rest<unknown>(`repos/${repo}/compare/${commit}...${other}?per_page=1`);
    return RELATIONS[textAt(answer, "status") ?? ""] ?? "unknown";
  } catch (error) {
    if (error instanceof GitHubError && ["not-found", "refused", "forbidden"].includes(error.problem)) return "unknown";
    throw error;
  }
}
