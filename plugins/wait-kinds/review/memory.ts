import type { Reactions } from "../../../src/github.ts";
import type { JsonObject, LookContext, Outcome } from "../../../src/plugin.ts";
import type { HeadMemory } from "../pull-request/head.ts";
import type { ThreadsRead } from "./conversation.ts";

/** Memory between looks; all of it can be read again. */
export interface Memory extends HeadMemory {
  /** Sha that the head's fields are about. */
  readonly sha?: string | null;
  /** Base of the pull request. */
  readonly base?: string;
  /** Names of the reviewers that report on the last pull requests of {@link Memory.base}. */
  readonly ofBase?: readonly string[];
  readonly reactions?: Reactions;
  readonly threads?: ThreadsRead;
  /** The outcome of the last look that had one. */
  readonly outcome?: Outcome;
}

/** Bytes that p9 keeps at most. */
const MAX_BYTES = 60_000;

/** Reads the memory for the pinned sha. */
export function recall({ memory, pin }: Pick<LookContext, "memory" | "pin">): Memory {
  const { confirmed, otherSince, ...all }: Memory = memory;
  const sha = pin.sha ?? null;
  return all.sha === sha ? { ...all, confirmed, otherSince } : { ...all, sha };
}

/** Converts to JSON, without undefined fields. What is too long is read again. */
export function toJson(memory: Memory): JsonObject {
  const whole = JSON.stringify(memory);
  if (Buffer.byteLength(whole) <= MAX_BYTES) return JSON.parse(whole) as JsonObject;
  const { threads, reactions, ...rest } = memory;
  return JSON.parse(JSON.stringify(rest)) as JsonObject;
}
