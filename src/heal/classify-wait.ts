import type { Json } from "../core/json.ts";
import type { Wait } from "../core/wait.ts";
import type { Evidence, LookResult } from "../plugin.ts";

/** What a red wait's failure is. */
export interface WaitClassification {
  readonly classified: boolean;
  readonly classification: Json;
  readonly evidence: readonly Evidence[];
}

/** The evidence that the look itself brought. */
export async function classifyWait(_wait: Wait, look: LookResult | null, _deps: unknown): Promise<WaitClassification> {
  return { classified: false, classification: null, evidence: look?.evidence ?? [] };
}
