import { impliedKinds, waitKinds } from "../../../../plugins/wait-kinds/registry.ts";
import { oneLine } from "../../../base/text.ts";
import { requireEnabled } from "../../../config/load.ts";
import type { WaitKind } from "../../../contract/wait-kind.ts";
import { EXIT } from "../../../core/exit-codes.ts";
import { escalate } from "../../../escalate/escalate.ts";
import { healing } from "../../../heal/healing.ts";
import { healLoop } from "../../../heal/loop.ts";
import { applyHeal } from "../../../heal/repair/apply.ts";
import type { Healed, HealRequest } from "../../../heal/repair/heal-request.ts";
import { exitCodeOf } from "../../../inbox/report.ts";
import { systemDeps } from "../../../watch/deps.ts";
import { startWatching } from "../../../watch/owner/start-driver.ts";
import { registerRequest, type WatchRequest } from "../../../watch/register/watch-request.ts";
import type { Context } from "../../program/context.ts";
import { prTarget } from "../../program/pr-target.ts";
import { trapSignals } from "../../program/signals.ts";
import { pinNowOrLater } from "../watch/pin.ts";

/** What `--apply` and `--loop` were given. */
export interface HealOptions {
  readonly loop: boolean;
  readonly dryRun: boolean;
  readonly lockTimeout: number;
  readonly repo?: string;
}

/** `p9 heal --apply` and `--loop`. */
export async function healCommandLine(text: string | undefined, options: HealOptions, context: Context): Promise<void> {
  const policy = await context.policy("act");
  requireEnabled(policy, "ci_heal");
  const { pr, repo } = await prTarget(text, options.repo, context);
  const store = await context.store();
  const deps = systemDeps(store, {
    env: context.env,
    exec: context.exec,
    clock: context.clock,
    github: context.github,
    healing,
  });
  const { signal, release } = trapSignals(context.stop);
  const request: HealRequest = {
    repo,
    pr,
    cwd: context.cwd,
    policy,
    dryRun: options.dryRun,
    lockTimeoutMs: options.lockTimeout * 1000,
    signal,
    say: (line) => context.warn(oneLine(line, 500)),
  };
  try {
    if (!options.loop) return await once(request, context, deps);
    const end = await healLoop(request, await context.session(), deps);
    const rows = end.healed.map(row);
    if (context.json)
      context.printJson({
        ended: end.how,
        reason: end.reason,
        state: end.wait?.state ?? null,
        attempts: end.wait?.attempt ?? null,
        heals: rows,
      });
    else context.print(`heal loop of #${pr} ended ${end.how}: ${oneLine(end.reason, 300)}`);
    context.exit(
      end.how === "green"
        ? EXIT.ok
        : end.how === "stopped"
          ? EXIT.unknown
          : end.wait
            ? exitCodeOf(end.wait)
            : EXIT.failed,
    );
  } finally {
    await store.settled();
    release();
  }
}

async function once(request: HealRequest, context: Context, deps: ReturnType<typeof systemDeps>): Promise<void> {
  const healed = await applyHeal(request, deps);
  if (
    (healed.did === "stalled" || healed.did === "spent" || healed.did === "human") &&
    healed.wait &&
    !request.dryRun
  ) {
    const wait = deps.store.find(healed.wait.wait_id) ?? healed.wait;
    const escalation = await escalate(wait, healed.reason, request.policy, {
      store: deps.store,
      env: deps.env,
      now: () => deps.clock.now(),
    });
    if (escalation)
      context.warn(
        escalation.ticket
          ? `${escalation.ticket} holds it: ${escalation.url ?? ""}`
          : `p9 escalations list shows the ticket to file (${escalation.id})`,
      );
  }
  if (healed.did === "pushed" && healed.wait === null) await watchFromNow(request, context, deps);
  if (context.json) context.printJson(row(healed));
  else context.print(healedText(request.pr, healed));
  context.exit(healed.did === "pushed" || healed.did === "rerun" || healed.did === "would" ? EXIT.ok : EXIT.failed);
}

/** A heal for people: `#42: would run …`, `#42 is merged, nothing to heal`. */
function healedText(pr: number, { did, reason }: Healed): string {
  const text = oneLine(reason, 400);
  const lower = text.charAt(0).toLowerCase() + text.slice(1);
  if (did === "nothing")
    return text.startsWith("It ") ? `#${pr} ${text.slice(3)}, nothing to heal` : `#${pr}: not healed: ${lower}`;
  const needsHuman = did === "human" || did === "stalled" || did === "spent";
  return `#${pr}: ${needsHuman ? "needs a human: " : ""}${lower}`;
}

function row(healed: Healed) {
  const { did, reason, command, commit, files, score, red, wait } = healed;
  const found = red?.found;
  return {
    did,
    reason: oneLine(reason, 500),
    heal_command: command,
    commit,
    files,
    evaluator_score: score,
    failure_type: found?.failure_type ?? null,
    confidence: found?.confidence ?? null,
    signature_hash: found?.signature_hash ?? null,
    history: red?.history.answer ?? null,
    sha: red?.sha ?? null,
    state: wait?.state ?? null,
    attempt: wait?.attempt ?? null,
  };
}

/** Registers a wait for a pull request that was not watched before its heal. */
async function watchFromNow(
  { pr, repo }: HealRequest,
  context: Context,
  deps: ReturnType<typeof systemDeps>,
): Promise<void> {
  const { cwd, clock } = context;
  const kind: WaitKind = await waitKinds[impliedKinds.pullRequest]();
  const session = await context.session();
  const request: WatchRequest = { kind, ref: String(pr), session, cwd, repo, pushedAt: clock.now() };
  const { wait } = await registerRequest(request, await pinNowOrLater(request, context, deps), deps);
  await startWatching(deps, wait, kind);
}
