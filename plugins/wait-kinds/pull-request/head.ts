import { githubNow, type PullRequest, textAt } from "../../../src/github.ts";
import type { LookContext } from "../../../src/plugin.ts";
import { relation } from "./ancestry.ts";

/** What is remembered of the pinned head. Times are by GitHub's clock. */
export interface HeadMemory {
  /** Whether GitHub has shown it as the head. */
  readonly confirmed?: boolean;
  /** Since when GitHub shows another head (ms). */
  readonly otherSince?: number;
}

/** Relation of the head that GitHub shows to the pinned one. */
export type Head =
  | { readonly is: "pinned" }
  /** GitHub still shows an earlier head. */
  | { readonly is: "lag"; readonly reason: string }
  /** The branch has another head now. */
  | { readonly is: "moved"; readonly sha: string; readonly reason: string };

/** Longest lag: GitHub usually shows the earlier head for only some seconds after a push. */
export const LAG_MS = 5 * 60_000;
/** Longest lag for a checked-out commit that may not have been pushed. */
const HERE_MS = 60_000;
/** How long an unrelated shown head may be the one from before a force push. */
const DIVERGED_MS = 60_000;
/** How long an earlier head, shown after the pinned one was, may come from a slow replica. */
const BACK_MS = 20_000;

/** Compares the shown head with the pinned one. `memory.otherSince`: when GitHub began to show another head. */
export async function compareHead(context: LookContext, pull: PullRequest, memory: HeadMemory): Promise<Head> {
  const { pin } = context;
  const pinned = pin.sha ?? "";
  const shown = pull.head;
  if (shown === pinned) return { is: "pinned" };
  const now = githubNow({ ...context, repo: pin.repo ?? null });
  const forMs = now - (memory.otherSince ?? now);
  const earlier = pin.prev_shas?.includes(shown) ?? false;
  const lag: Head = { is: "lag", reason: `GitHub still shows the earlier head ${short(shown)}, not ${short(pinned)}` };
  const moved = (why = ""): Head => {
    return { is: "moved", sha: shown, reason: `Head moved from ${short(pinned)} to ${short(shown)}${why}` };
  };

  if (memory.confirmed && earlier) return forMs < BACK_MS ? lag : moved(", back to an earlier commit");
  if (memory.confirmed) return moved();
  if (textAt(pin.identity, "here") === pinned && forMs >= HERE_MS) {
    const reason = `HEAD here is ${short(pinned)}, which GitHub does not show: the head that it shows, ${short(shown)}, is watched`;
    return { is: "moved", sha: shown, reason };
  }
  if (forMs >= LAG_MS) return moved(`: GitHub has not shown ${short(pinned)} for ${LAG_MS / 60_000} minutes`);
  if (earlier || pull.commit === null) return lag;
  const relative = await relation(context, pin.repo ?? "", shown, pinned);
  if (relative === "older" || relative === "unknown") return lag;
  return relative === "diverged" && forMs < DIVERGED_MS ? lag : moved();
}

/** The first seven digits. */
export function short(sha: string): string {
  return sha.slice(0, 7);
}
