import { isObject } from "../base/json.ts";
import type { LoadedPolicy } from "../config/load.ts";
import type { Env } from "../contract/context.ts";
import { errorText, StateError } from "../core/errors.ts";
import type { Wait } from "../core/wait.ts";
import { limitedFetch } from "../http/fetch.ts";
import { makeDir } from "../store/files.ts";
import { withLock } from "../store/lock/lock.ts";
import type { Store } from "../store/store.ts";
import { fileInLinear } from "./linear.ts";
import { type Escalation, escalationId, readOutbox, writeOutbox } from "./outbox.ts";
import { branchOf, escalationBody, escalationTitle } from "./text.ts";

/** What escalating needs. */
export interface EscalationDeps {
  readonly store: Store;
  readonly env: Env;
  readonly now: () => number;
}

/** Why a red pull request goes to a human at once. */
export const UNCLASSIFIED = "It failed in a way that p9 does not repair";

/** After so long without an acknowledgement an escalation is raised again, as urgent. */
const RAISE_AFTER_MS = 24 * 3_600_000;

/**
 * Brings a red wait to a human: through Linear when there is a key, else as a pending entry that the agent files with its own tool.
 * One per repository and signature. ESCALATED is written once Linear holds it.
 *
 * @throws {StateError} (exit 99) when neither the outbox nor Linear took it; it carries the text.
 */
export async function escalate(
  wait: Wait,
  why: string,
  policy: LoadedPolicy,
  deps: EscalationDeps,
): Promise<Escalation | null> {
  const channel = policy.ci_heal.escalation_channel;
  if (!channel || wait.repo === null) return null;
  const draft = draftOf(wait, why, wait.repo, channel.linear_team, channel.linear_label);
  try {
    makeDir(deps.store.home);
  } catch {
    // The next lock fails with the reason; Linear is tried all the same.
  }
  const filed = await locked(deps, () => file(draft, deps)).catch((error: unknown) => {
    // Thrown by `file` itself, with the text that nobody took.
    if (error instanceof StateError && error.events.length > 0) throw error;
    return file(draft, deps, error);
  });
  if (filed.state !== "pending") await markEscalated(wait.wait_id, filed, why, deps.store);
  return filed;
}

/** Runs `work` under the outbox's lock. Rejects when it cannot be locked, and the caller then tries Linear alone. */
function locked<T>({ store }: EscalationDeps, work: () => Promise<T>): Promise<T> {
  return withLock(store.paths.escalationsLock, work);
}

/** The entry as it would be written for a wait. */
export function draftOf(wait: Wait, why: string, repo: string, team: string, label: string): Omit<Escalation, "ts"> {
  const found = isObject(wait.extra.classification) ? wait.extra.classification : {};
  const signature =
    typeof found.signature_hash === "string" ? found.signature_hash : `${wait.kind}:${wait.extra.outcome ?? "red"}`;
  return {
    id: escalationId(repo, signature),
    repo,
    signature,
    pr: wait.pr,
    wait_id: wait.wait_id,
    title: escalationTitle(wait.pr, branchOf(wait)),
    body: escalationBody(wait, why),
    label,
    team,
    severity: "error",
    state: "pending",
    ticket: null,
    url: null,
    count: 1,
    since: "",
    problem: null,
  };
}

async function file(draft: Omit<Escalation, "ts">, deps: EscalationDeps, lockProblem?: unknown): Promise<Escalation> {
  const { paths } = deps.store;
  const before = lockProblem === undefined ? readOutbox(paths).find(({ id }) => id === draft.id) : undefined;
  const now = deps.now();
  const first = before?.since ?? new Date(now).toISOString();
  const entry = {
    ...draft,
    count: (before?.count ?? 0) + 1,
    since: first,
    ticket: before?.ticket ?? null,
    url: before?.url ?? null,
    state: before?.state ?? "pending",
  } as const;
  let kept: unknown = lockProblem;
  let row: Escalation = { ts: first, ...entry };
  try {
    if (lockProblem === undefined) row = writeOutbox(paths, entry, now);
  } catch (error) {
    kept = error;
  }
  if (!deps.env.LINEAR_API_KEY) {
    if (kept !== undefined) throw lost(row, kept);
    return row;
  }
  try {
    const { ticket, url } = await fileInLinear(row, { env: deps.env, fetch: limitedFetch });
    const filed = {
      ...row,
      state: before?.state === "acked" ? ("acked" as const) : ("filed" as const),
      ticket,
      url,
      problem: null,
    };
    if (kept === undefined) writeOutbox(paths, filed, deps.now());
    return filed;
  } catch (error) {
    if (kept !== undefined) throw lost(row, kept);
    return writeOutbox(paths, { ...row, problem: errorText(error).slice(0, 300) }, deps.now());
  }
}

function lost(row: Escalation, cause: unknown): StateError {
  return new StateError(
    `Cannot escalate "${row.title}": neither the outbox nor Linear took it (${errorText(cause)})`,
    [{ type: "escalation.lost", title: row.title, body: row.body, label: row.label }],
    { cause },
  );
}

/** Writes ESCALATED for a wait that is red; what is known of the failure stays with it. */
async function markEscalated(waitId: string, escalation: Escalation, why: string, store: Store): Promise<void> {
  const wait = store.read().waits.get(waitId);
  if (!wait || !["RED_CLASSIFIED", "RED_UNCLASSIFIED", "HEALING"].includes(wait.state)) return;
  const { outcome, evidence, classification, slow, log } = wait.extra;
  const { id, ticket, url } = escalation;
  await store.transition(wait, "ESCALATED", {
    extra: {
      outcome: outcome ?? "failed",
      cause: "escalated",
      reason: `${why}; ${ticket ?? id} holds it`,
      ...(evidence === undefined ? {} : { evidence }),
      ...(classification === undefined ? {} : { classification }),
      ...(slow === undefined ? {} : { slow }),
      ...(log === undefined ? {} : { log }),
      escalation: { id, ticket, url },
    },
  });
}

/** Files what is pending and raises what nobody has acknowledged for a day. Gives every entry that was tried. */
export async function flush(deps: EscalationDeps): Promise<Escalation[]> {
  const due = readOutbox(deps.store.paths).filter(
    (entry) =>
      entry.state === "pending" ||
      (entry.state === "filed" && entry.severity === "error" && deps.now() - Date.parse(entry.since) > RAISE_AFTER_MS),
  );
  const done: Escalation[] = [];
  for (const entry of due) {
    const raised = {
      ...entry,
      severity: deps.now() - Date.parse(entry.since) > RAISE_AFTER_MS ? ("urgent" as const) : entry.severity,
    };
    const filed = await locked(deps, () => file(raised, deps));
    if (filed.state !== "pending" && filed.wait_id) await markEscalated(filed.wait_id, filed, "Escalated", deps.store);
    done.push(filed);
  }
  return done;
}

/** Records where somebody filed it. Null: there is no such escalation. */
export async function acknowledge(id: string, ticket: string | null, deps: EscalationDeps): Promise<Escalation | null> {
  const entry = readOutbox(deps.store.paths).find((candidate) => candidate.id === id);
  if (!entry) return null;
  const acked = await locked(deps, async () =>
    writeOutbox(
      deps.store.paths,
      { ...entry, state: "acked", ticket: ticket ?? entry.ticket, problem: null },
      deps.now(),
    ),
  );
  if (acked.wait_id) await markEscalated(acked.wait_id, acked, "A human has it", deps.store);
  return acked;
}
