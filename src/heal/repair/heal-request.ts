import type { LoadedPolicy } from "../../config/load.ts";
import type { Wait } from "../../core/wait.ts";
import type { RedPullRequest } from "../evidence/red-pull-request.ts";

/** A request to heal a pull request. */
export interface HealRequest {
  readonly repo: string;
  readonly pr: number;
  readonly cwd: string;
  readonly policy: LoadedPolicy;
  readonly dryRun: boolean;
  readonly lockTimeoutMs: number;
  readonly signal?: AbortSignal;
  /** Called with a line for people at each step. */
  readonly say: (line: string) => void;
}

/** Result of a heal. */
export interface Healed {
  /** `pushed`: a commit is on the branch. `rerun`: the failed jobs run again. `stalled`, `spent`, `human` (classified, but nothing repairs it): a human must look. `nothing`: not healable. */
  readonly did: "pushed" | "rerun" | "nothing" | "stalled" | "spent" | "human" | "would";
  readonly reason: string;
  readonly red: RedPullRequest | null;
  readonly wait: Wait | null;
  readonly command: string | null;
  readonly commit: string | null;
  readonly files: readonly string[];
  readonly score: number | null;
  /** Runs that still go on; the re-run is possible when they have ended. */
  readonly goOn?: readonly number[];
}
