import type { Evidence } from "../../contract/wait-kind.ts";
import type { GitHub } from "../../github/client.ts";
import type { Check, PullRequest } from "../../github/pull-request.ts";
import type { Paths } from "../../store/paths.ts";
import type { Classification } from "../classify/classify.ts";
import type { Rule } from "../classify/rule.ts";
import type { CiLogReader } from "./ci-log.ts";
import type { JobLog } from "./job-logs.ts";
import type { History } from "./ledger.ts";

/** Dependencies of `gather`. */
export interface EvidenceDeps {
  readonly github: GitHub;
  readonly paths: Paths;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => number;
  readonly rules?: readonly Rule[];
  /** Reads the logs of other CI services. Without it, their checks are linked. */
  readonly ciLog?: CiLogReader;
}

/** A red pull request: the failures on its head and their classification. */
export interface RedPullRequest {
  readonly pull: PullRequest;
  readonly sha: string;
  readonly failed: readonly Check[];
  readonly logs: readonly JobLog[];
  readonly found: Classification;
  readonly history: History;
  readonly outage: boolean;
  readonly evidence: readonly Evidence[];
}
