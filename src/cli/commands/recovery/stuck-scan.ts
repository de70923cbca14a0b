import type { Command } from "@commander-js/extra-typings";
import { formatDuration } from "../../../base/duration.ts";
import { UsageError } from "../../../core/errors.ts";
import { EXIT } from "../../../core/exit-codes.ts";
import { traitsOf } from "../../../core/traits.ts";
import { waitName } from "../../../core/wait-name.ts";
import { logTail } from "../../../inbox/report.ts";
import { type Stall, scanStalls } from "../../../watch/owner/stuck.ts";
import type { Context } from "../../program/context.ts";
import { broken } from "../../show/styled.ts";
import { watchDeps } from "../watch/watching.ts";

/** Least seconds without progress that count as a stall. */
const LEAST_S = 60;

export function register(command: Command, context: Context): void {
  command
    .option(
      "--threshold-min <minutes>",
      "minutes without progress; default: what is usual for the target, else 45",
      minutesValue,
    )
    .option("--renotify", "notify people again of stalls that they know")
    .action(async (options) => {
      const thresholdS = options.thresholdMin ?? fromEnv(context);
      const deps = await watchDeps(context);
      const stalls = await scanStalls(deps, { thresholdS, renotify: options.renotify ?? false });
      if (context.json) context.printJson({ stuck: stalls.map(stuckRow) });
      else if (stalls.length === 0) context.print("nothing is stuck");
      else for (const stall of stalls) for (const text of broken(line(stall), context.columns)) context.print(text);
      await deps.store.settled();
      context.exit(stalls.length > 0 ? EXIT.degraded : EXIT.ok);
    });
}

function minutesValue(text: string): number {
  const minutes = Number(text);
  if (!Number.isFinite(minutes) || minutes < 0 || text.trim() === "") {
    throw new UsageError(`Cannot read --threshold-min "${text}": wanted minutes`);
  }
  return Math.max(LEAST_S, minutes * 60);
}

function fromEnv({ env }: Context): number | null {
  const minutes = Number(env.BROOMVA_P9_STUCK_MIN);
  return env.BROOMVA_P9_STUCK_MIN && Number.isFinite(minutes) && minutes >= 0 ? Math.max(LEAST_S, minutes * 60) : null;
}

function stuckRow({ wait, since, stalledS, limitS, reason, notified }: Stall) {
  const { wait_id, kind, ref, pr, repo, state, ts, session_id, owner, extra } = wait;
  return {
    report: "p9-stuck",
    kind,
    wait_id,
    ref,
    pr,
    repo,
    state,
    pid: owner.pid,
    reason,
    progress_since: since,
    progress_age_s: stalledS,
    threshold_s: limitS,
    last_event_ts: ts,
    session_id,
    next_action: nextStep(wait),
    notified,
    ...(extra.log ? { log: extra.log, log_tail: logTail(extra.log) } : {}),
  };
}

function nextStep(wait: Stall["wait"]): string {
  const { pr, repo, wait_id } = wait;
  const { next, slot } = traitsOf(wait);
  if (next?.stuck) return next.stuck;
  if (slot === "pull-request" && pr !== null) return `p9 why ${pr}${repo ? ` --repo ${repo}` : ""}`;
  return `Look at the target; p9 abandon ${wait_id} if it will not end`;
}

function line({ wait, stalledS, limitS, reason }: Stall): string {
  const usual = `usual is at most ${formatDuration(limitS)}`;
  return `${waitName(wait)}: no progress for ${formatDuration(stalledS)} (${usual}): ${reason}; next: ${nextStep(wait)}`;
}
