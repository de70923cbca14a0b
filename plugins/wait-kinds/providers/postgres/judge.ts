import { formatDuration, type LookResult, oneLine } from "../../../../src/plugin.ts";
import type { ProviderStatus, Values } from "../../../../src/provider.ts";
import { progressOfBuild } from "./progress.ts";
import type { Blocker, Build, Seen } from "./query.ts";

/** The verdict of a look, and what to remember. */
export interface Judged extends Pick<LookResult, "progress" | "grace" | "evidence" | "startedAt" | "note"> {
  readonly status: ProviderStatus;
  readonly reason: string;
  readonly values: Values;
}

/** Judges an index or a materialized view. `values` hold what earlier looks saw: `seen` (the command) and the first file. */
export function judge(seen: Seen, values: Values): Judged {
  const name = oneLine(values.relation ?? "", 100);
  const known: Values = { ...values, file: values.file ?? (seen.relation ? fileOf(seen) : undefined) };
  if (seen.build) return building(seen.build, name, known);
  if (seen.refresh) return refreshing(seen, name, known);
  if (seen.relation?.kind === "m") return afterRefresh(seen, name, known);
  if (seen.hidden > 0) {
    const note = "this role may not read the progress of other sessions: grant pg_read_all_stats to see it";
    return {
      status: "running",
      reason: `${name} is being built; ${note}`,
      note,
      values: { ...known, seen: known.seen ?? "CREATE INDEX" },
    };
  }
  return afterBuild(seen, name, known);
}

function building(build: Build, name: string, values: Values): Judged {
  const progress = progressOfBuild(build);
  const reason = `${build.command} ${name}: ${build.phase}`;
  return {
    status: "running",
    progress,
    values: { ...values, seen: build.command },
    ...held(build.blockers, reason),
    ...begun(build.started),
  };
}

function refreshing({ refresh }: Seen, name: string, values: Values): Judged {
  const concurrently = /concurrently/i.test(refresh?.query ?? "");
  const command = `REFRESH MATERIALIZED VIEW${concurrently ? " CONCURRENTLY" : ""}`;
  return {
    status: "running",
    values: { ...values, seen: command },
    ...held(refresh?.blockers ?? [], `${command} ${name}`),
    ...begun(refresh?.started),
  };
}

/** The reason and the grace for a held lock: a short one is normal, one as long as a missing runner's grace needs a person. */
function held(blockers: readonly Blocker[], reason: string): Pick<Judged, "reason" | "grace"> {
  if (blockers.length === 0) return { reason };
  const who = blockers.map(({ pid, usename, application, state, since_s }) => {
    const details = [usename, application, state, since_s === null ? null : `for ${formatDuration(since_s)}`]
      .filter(Boolean)
      .join(", ");
    return `pid ${pid}${details ? ` (${oneLine(details, 120)})` : ""}`;
  });
  const blocked = `${reason}; blocked by ${who.slice(0, 3).join(" and ")}`;
  return { reason: blocked, grace: { name: "runner", outcome: "blocked", reason: blocked } };
}

function afterBuild(seen: Seen, name: string, values: Values): Judged {
  const { relation, leftovers } = seen;
  const command = values.seen ?? (values.operation === "reindex" ? "REINDEX" : undefined);
  if (!relation) {
    if (!values.seen) return { status: "waiting", reason: `There is no ${name} yet, and no session builds it`, values };
    return failed(`${values.seen} ${name} ended without an index: it failed or was cancelled`, [], values);
  }
  if (relation.valid === null) return { status: "succeeded", reason: `${name} exists`, values };
  if (!relation.valid) {
    return failed(
      `${name} is invalid and no session builds it`,
      [`The build failed or was cancelled and left an invalid index: drop index concurrently ${name}`],
      values,
    );
  }
  if (command?.startsWith("REINDEX") && fileOf(seen) === values.file) {
    const hints = leftovers.map((left) => `It left an invalid index: drop index concurrently ${left}`);
    if (values.seen || hints.length > 0)
      return failed(`REINDEX of ${name} ended and the index is what it was before`, hints, values);
    return { status: "waiting", reason: `No REINDEX of ${name} was seen yet`, values };
  }
  return { status: "succeeded", reason: `${name} is valid${values.seen ? ` after ${values.seen}` : ""}`, values };
}

function afterRefresh(seen: Seen, name: string, values: Values): Judged {
  if (seen.locked !== null) {
    const command =
      seen.locked === "ExclusiveLock" ? "REFRESH MATERIALIZED VIEW CONCURRENTLY" : "REFRESH MATERIALIZED VIEW";
    return {
      status: "running",
      reason: `${name} is locked as a refresh locks it (${seen.locked})`,
      values: { ...values, seen: values.seen ?? command },
    };
  }
  if (fileOf(seen) !== values.file) return { status: "succeeded", reason: `${name} was refreshed`, values };
  if (!values.seen) return { status: "waiting", reason: `No refresh of ${name} was seen yet`, values };
  if (values.seen.endsWith("CONCURRENTLY")) {
    return {
      status: "unknown",
      reason: `The refresh of ${name} ended; PostgreSQL does not show whether a concurrent one succeeded`,
      values,
    };
  }
  return failed(`The refresh of ${name} ended without new data: it failed or was cancelled`, [], values);
}

function failed(reason: string, hints: readonly string[], values: Values): Judged {
  return {
    status: "failed",
    reason,
    values,
    evidence: (hints.length > 0 ? hints : [reason]).map((text) => ({ job: "PostgreSQL", text })),
  };
}

/** Changes whenever the data is written anew. */
function fileOf({ relation }: Seen): string {
  return `${relation?.oid}:${relation?.filenode}`;
}

function begun(started: string | undefined): { startedAt?: number } {
  const at = Date.parse(started ?? "");
  return Number.isFinite(at) ? { startedAt: at } : {};
}
