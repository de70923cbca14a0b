import { createHash } from "node:crypto";
import * as z from "zod/mini";
import { timestamp } from "../base/clock.ts";
import { appendRows, rowsThatFit } from "../store/jsonl.ts";
import { orElse } from "../store/or-else.ts";
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
  const newest = new Map<string, Escalation>();
  for (const row of rowsThatFit(paths.escalations, ROW)) if (!newest.has(row.id)) newest.set(row.id, row);
  return [...newest.values()];
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

const text = orElse(z.string(), "");
const textOrNull = orElse(z.nullable(z.string()), null);

/** A row of `pending-escalations.jsonl`; only what names an escalation must be there. */
const ROW: z.ZodMiniType<Escalation> = z.pipe(
  z.object({
    ts: text,
    id: z.string(),
    repo: text,
    signature: text,
    pr: orElse(z.nullable(z.number()), null),
    wait_id: textOrNull,
    title: z.string(),
    body: text,
    label: text,
    team: text,
    severity: orElse(z.enum(["error", "urgent"]), "error"),
    state: orElse(z.enum(["pending", "filed", "acked"]), "pending"),
    ticket: textOrNull,
    url: textOrNull,
    count: orElse(z.number(), 1),
    since: text,
    problem: textOrNull,
  }),
  z.transform((row) => ({ ...row, since: row.since || row.ts })),
);
