import { errorText } from "../../core/errors.ts";
import { isFinal } from "../../core/states.ts";
import type { Wait } from "../../core/wait.ts";
import type { GitHub } from "../../github/client.ts";
import { textAt } from "../../github/read.ts";
import type { WatchDeps } from "../deps.ts";
import { writeEnding } from "../engine/ending.ts";

/** What was found about one open pull request. */
export interface Cleaned {
  readonly wait: Wait;
  /** `ended`: GitHub says merged or closed, and now the log does. `open`: it goes on. `unknown`: GitHub could not be asked. */
  readonly what: "ended" | "open" | "unknown";
  readonly reason: string;
}

/**
 * Asks GitHub once for the state of every open pull request, and ends those that were merged or closed elsewhere. A pull request
 * that cannot be read stays open.
 */
export async function cleanUp(deps: WatchDeps): Promise<readonly Cleaned[]> {
  const open = [...deps.store.read().waits.values()].filter((wait) => wait.pr !== null && !isFinal(wait.state));
  if (open.length === 0) return [];
  const github = await deps.github();
  return Promise.all(open.map((wait) => cleanOne(wait, github, deps)));
}

async function cleanOne(wait: Wait, github: GitHub, deps: WatchDeps): Promise<Cleaned> {
  if (wait.repo === null)
    return { wait, what: "unknown", reason: "its repository is not recorded, and none is guessed" };
  try {
    const { data } = await github.repository(wait.repo, `pullRequest(number: ${wait.pr}) { state }`);
    const state = textAt(data, "pullRequest", "state");
    if (state === null) return { wait, what: "unknown", reason: "GitHub shows no such pull request" };
    if (state !== "MERGED" && state !== "CLOSED") return { wait, what: "open", reason: `still ${state.toLowerCase()}` };
    const outcome = state === "MERGED" ? "merged" : "closed";
    const ended = await writeEnding(
      wait,
      null,
      { outcome, cause: "cleanup", reason: `It was ${outcome} outside p9` },
      deps,
    );
    return ended
      ? { wait: ended, what: "ended", reason: `${outcome} outside p9` }
      : { wait, what: "open", reason: "another process has just changed it" };
  } catch (error) {
    return { wait, what: "unknown", reason: errorText(error) };
  }
}
