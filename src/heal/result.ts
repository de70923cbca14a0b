import type { JsonObject } from "../base/json.ts";
import { safeText } from "../base/redact.ts";
import type { LoadedPolicy } from "../config/load.ts";
import type { Classification } from "./classify/classify.ts";
import { healCommand, isClassified } from "./repair/plan.ts";

/** What `heal --classify` prints and what a red wait carries (contract). */
export interface HealResult extends JsonObject {
  readonly failure_type: string;
  readonly classified: boolean;
  readonly confidence: number;
  readonly heal_command: string | null;
  readonly signature_hash: string;
  readonly rationale: string;
  readonly evidence: readonly {
    readonly job: string;
    readonly step: string;
    readonly line: number | null;
    readonly text: string;
    readonly file: string | null;
  }[];
  /** Running the failed jobs again is justified: nothing in the repository is wrong. */
  readonly transient: boolean;
  /** Number of failing lines, which the evaluator compares. */
  readonly failures: number;
  /** History of the failure in earlier runs. */
  readonly history: string | null;
}

/** A classification as other programs see it. `root`: where the project's own commands are looked for; null: nowhere. */
export function healResult(
  found: Classification,
  policy: Pick<LoadedPolicy, "ci_heal">,
  root: string | null,
  history: string | null = null,
): HealResult {
  const classified = isClassified(found, policy);
  const command = root === null || !classified ? null : healCommand(found, policy, root);
  return {
    failure_type: found.failure_type,
    classified,
    confidence: found.confidence,
    heal_command: command?.run ?? null,
    signature_hash: found.signature_hash,
    rationale: found.rationale,
    evidence: found.evidence.map(({ job, step, line, text, file }) => ({
      job,
      step,
      line,
      text: safeText(text, 300),
      file: file ?? null,
    })),
    transient: found.transient,
    failures: found.failures,
    history,
  };
}
