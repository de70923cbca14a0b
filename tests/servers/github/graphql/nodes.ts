import type { World } from "../world.ts";
import { pullId, viewRun, viewSuite } from "./checks.ts";
import { githubError } from "./errors.ts";
import { viewPull } from "./pull-request.ts";
import { shownThreads, threadId, viewThread } from "./reviews.ts";

/** A pull request, a check suite or a workflow run by its node id. */
export function findNode(world: World, id: string): object {
  for (const repo of world.repos.values()) {
    for (const pull of repo.shownPulls()) {
      if (pullId(pull) === id) return viewPull(pull);
      const thread = shownThreads(pull).find((one) => threadId(one, pull) === id);
      if (thread) return viewThread(thread, pull);
    }
    for (const commit of repo.commits.values()) {
      for (const suite of commit.shownSuites()) {
        if (id === `CS_${suite.id}`) return viewSuite(suite, commit);
        if (id === `WR_${suite.runId}` && suite.workflow) return viewRun(suite, commit);
      }
    }
  }
  throw githubError("NOT_FOUND", `Could not resolve to a node with the global id of '${id}'`);
}
