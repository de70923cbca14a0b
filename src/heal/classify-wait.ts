import type { Json } from "../core/json.ts";
import { safeText } from "../core/redact.ts";
import type { Wait } from "../core/wait.ts";
import type { Evidence, LookResult } from "../plugin.ts";
import type { WatchDeps } from "../watch/deps.ts";
import { classify } from "./classify.ts";
import { gather, readLogTail } from "./evidence.ts";
import { ownRules } from "./own-rules.ts";
import { isClassified } from "./plan.ts";
import { healResult } from "./result.ts";
import { workRoot } from "./work-root.ts";

/** What a red wait's failure is. */
export interface WaitClassification {
  readonly classified: boolean;
  readonly classification: Json;
  readonly evidence: readonly Evidence[];
}

/** Classifies a wait that has just failed: a pull request by its failed jobs' logs, anything else by the log that it wrote. */
export async function classifyWait(wait: Wait, look: LookResult | null, deps: WatchDeps): Promise<WaitClassification> {
  const cwd = wait.extra.cwd ?? "/";
  const { loadPolicy } = await import("../config/load.ts");
  const policy = await loadPolicy({ env: deps.env, cwd, home: deps.store.home });
  const rules = ownRules(policy.ci_heal.rules);
  const root = await workRoot(cwd, wait.repo, deps);
  if (wait.kind === "pr-ci" && wait.repo !== null && wait.pr !== null) {
    const red = await gather(wait.repo, wait.pr, wait.sha, {
      github: await deps.github(),
      paths: deps.store.paths,
      env: deps.env,
      now: () => deps.clock.now(),
      rules,
    });
    const result = healResult(red.found, policy, root, red.history.answer);
    return { classified: result.classified, classification: { ...result, outage: red.outage }, evidence: red.evidence };
  }
  const path = look?.log ?? wait.extra.log;
  const text = typeof path === "string" ? readLogTail(path) : "";
  if (text.trim() === "") return { classified: false, classification: null, evidence: look?.evidence ?? [] };
  const found = classify(text, rules);
  const evidence = found.evidence.map(({ line, file, text: told }) => ({
    ...(file ? { file } : {}),
    ...(line ? { line } : {}),
    text: safeText(told, 300),
  }));
  // A local build is repaired by whoever runs it: p9 says what it is and offers no push.
  const result = healResult(found, policy, null);
  return {
    classified: isClassified(found, policy),
    classification: result,
    evidence: evidence.length > 0 ? evidence : (look?.evidence ?? []),
  };
}
