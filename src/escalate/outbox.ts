import { createHash } from "node:crypto";
import { timestamp } from "../base/clock.ts";
import { appendRows, rowsBackwards } from "../store/jsonl.ts";
import type { Paths } from "../store/paths.ts";

/** One thing that a human must look at, as it stands now. */
export interface Escalation {
  readonly ts: string;
  /** `e` and ten hex digits: the same for the same repository and signature. */
  readonly id: string;
  readonly repo: string;
  readonly signature: string;
  readonly pr: number | null;
  readonly wait_id: string | null;
  readonly title: string;
  readonly body: string;
  readonly label: string;
  readonly team: string;
  readonly severity: "error" | "urgent";
  /** `pending`: nobody has it yet. `filed`: Linear holds it. `acked`: somebody said where it is. */
  readonly state: "pending" | "filed" | "acked";
  readonly ticket: string | null;
  readonly url: string | null;
  /** How often it was escalated. */
  readonly count: number;
  /** Time stamp of the first row. */
  readonly since: string;
  /** Why it could not be delivered, when it could not. */
  readonly problem: string | null;
}

/** The id of an escalation: one per repository and failure signature, wherever it is written. */
export function escalationId(repo: string, signature: string): string {
  return `e${createHash("sha256").update(`${repo.toLowerCase()}\n${signature}`).digest("hex").slice(0, 10)}`;
}

/** Every escalation as it stands, newest first. */
export function readOutbox(paths: Pick<Paths, "escalations">): Escalation[] {
  const seen = new Map<string, Escalation>();
  for (const row of rowsBackwards(paths.escalations)) {
    if (typeof row.id !== "string" || typeof row.title !== "string" || seen.has(row.id)) continue;
    seen.set(row.id, asEscalation(row));
  }
  return [...seen.values()];
}

/** Appends how an escalation stands now. @throws the system's error when it cannot be kept. */
export function writeOutbox(
  paths: Pick<Paths, "escalations">,
  escalation: Omit<Escalation, "ts">,
  now: number,
): Escalation {
  const row = { ts: timestamp(now), ...escalation };
  appendRows(paths.escalations, [row]);
  return row;
}

function asEscalation(row: Record<string, unknown>): Escalation {
  const text = (name: string): string => (typeof row[name] === "string" ? String(row[name]) : "");
  const textOrNull = (name: string): string | null => (typeof row[name] === "string" ? String(row[name]) : null);
  return {
    ts: text("ts"),
    id: text("id"),
    repo: text("repo"),
    signature: text("signature"),
    pr: typeof row.pr === "number" ? row.pr : null,
    wait_id: textOrNull("wait_id"),
    title: text("title"),
    body: text("body"),
    label: text("label"),
    team: text("team"),
    severity: row.severity === "urgent" ? "urgent" : "error",
    state: row.state === "filed" || row.state === "acked" ? row.state : "pending",
    ticket: textOrNull("ticket"),
    url: textOrNull("url"),
    count: typeof row.count === "number" ? row.count : 1,
    since: text("since") || text("ts"),
    problem: textOrNull("problem"),
  };
}
