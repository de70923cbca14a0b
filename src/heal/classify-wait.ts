import type { JsonObject } from "../base/json.ts";
import { redact, safeText } from "../base/redact.ts";
import type { LoadedPolicy } from "../config/load.ts";
import type { Failure, LookResult } from "../contract/wait-kind.ts";
import { hasChecks } from "../core/traits.ts";
import type { Wait } from "../core/wait.ts";
import { draftOf, UNCLASSIFIED } from "../escalate/escalate.ts";
import { escalationTitle } from "../escalate/text.ts";
import { fileEnd } from "../store/follow/file-end.ts";
import type { WaitClassification, WatchDeps } from "../watch/deps.ts";
import { classify } from "./classify/classify.ts";
import { ownRules } from "./classify/policy-rules.ts";
import { isFailureType } from "./classify/rule.ts";
import { signature } from "./classify/signature.ts";
import { ciLogReader } from "./evidence/ci-log.ts";
import { gather } from "./evidence/gather.ts";
import { isClassified } from "./repair/plan.ts";
import { workRoot } from "./repair/work-root.ts";
import { type HealResult, healResult } from "./result.ts";

/** Bytes of a log's end that are classified. */
const MAX_LOG_BYTES = 4 * 1024 * 1024;

/** The ticket that the agent has to file itself, because there is a channel but no key for it. */
function ticketFor(
  wait: Wait,
  branch: string,
  { path, problems, ci_heal }: LoadedPolicy,
  { env }: WatchDeps,
): JsonObject | null {
  const channel = ci_heal.escalation_channel;
  if (!channel || path === null || problems.length > 0 || !ci_heal.enabled || env.LINEAR_API_KEY || wait.repo === null)
    return null;
  const { id, title, body, label, team } = draftOf(
    wait,
    UNCLASSIFIED,
    wait.repo,
    channel.linear_team,
    channel.linear_label,
  );
  return { id, title: title.includes(branch) ? title : escalationTitle(wait.pr, branch), body, label, team };
}

/** The classification of a failure that the target names itself: there is no log, and nothing that p9 could run. */
function ofTarget({ evidence = [], items = [] }: LookResult, { type, rationale, count }: Failure): WaitClassification {
  const lines = evidence.map(({ text }) => text);
  const classification: HealResult = {
    failure_type: type,
    classified: true,
    confidence: 1,
    heal_command: null,
    signature_hash: signature(isFailureType(type) ? type : "unclassified", lines),
    rationale,
    evidence: [],
    transient: false,
    failures: count ?? (lines.length || items.length),
    history: null,
  };
  return { classified: true, classification, evidence };
}

/** Classifies a wait that has just failed: a pull request by its failed jobs' logs, anything else by the log that it wrote. */
export async function classifyWait(wait: Wait, look: LookResult | null, deps: WatchDeps): Promise<WaitClassification> {
  if (look?.failure) return ofTarget(look, look.failure);
  const cwd = wait.extra.cwd ?? "/";
  const { loadPolicy } = await import("../config/load.ts");
  const policy = await loadPolicy({ env: deps.env, cwd, home: deps.store.home });
  const rules = ownRules(policy.ci_heal.rules);
  const root = await workRoot(cwd, wait.repo, deps);
  if (hasChecks(wait) && wait.repo !== null && wait.pr !== null) {
    const red = await gather(wait.repo, wait.pr, wait.sha, {
      github: await deps.github(),
      paths: deps.store.paths,
      env: deps.env,
      now: () => deps.clock.now(),
      rules,
      ciLog: ciLogReader({ env: deps.env, cwd, home: deps.store.home }),
    });
    const result = healResult(red.found, policy, root, red.history.answer);
    const classification = { ...result, outage: red.outage };
    const shown = {
      ...wait,
      extra: { ...wait.extra, classification, evidence: red.evidence.map((line) => ({ ...line })) },
    };
    const ticket = result.classified ? null : ticketFor(shown, red.pull.branch, policy, deps);
    return {
      classified: result.classified,
      classification: ticket ? { ...classification, ticket } : classification,
      evidence: red.evidence,
    };
  }
  const path = look?.log ?? wait.extra.log;
  const text = typeof path === "string" ? redact(fileEnd(path, MAX_LOG_BYTES)) : "";
  if (text.trim() === "") return { classified: false, classification: null, evidence: look?.evidence ?? [] };
  const found = classify(text, rules);
  const evidence = found.evidence.map(({ job, step, line, file, text: told }) => ({
    ...(job ? { job } : {}),
    ...(step ? { step } : {}),
    ...(file ? { file } : {}),
    ...(line ? { line } : {}),
    text: safeText(told, 300),
  }));
  // p9 classifies a local build but offers no push: whoever runs it repairs it.
  const result = healResult(found, policy, null);
  return {
    classified: isClassified(found, policy),
    classification: result,
    evidence: evidence.length > 0 ? evidence : (look?.evidence ?? []),
  };
}
