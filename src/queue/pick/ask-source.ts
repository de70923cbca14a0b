import { isObject } from "../../base/json.ts";
import { safeText } from "../../base/redact.ts";
import { withTimeLimit } from "../../base/time-limit.ts";
import type { DiscoverContext, FoundItem, QueueSource } from "../../contract/queue-source.ts";
import { errorText } from "../../core/errors.ts";
import { asTier } from "../store/rows.ts";

const DEFAULT_TIMEOUT_S = 5;
const MAX_ITEM = 2_000;

/** Compared by name, because a third party's errors come from another copy of the classes. */
const CANNOT_BE_ASKED = new Set(["UnavailableError", "ObservationError", "GitHubError"]);

/** Why a source gave less than it could. */
export interface SourceProblem {
  readonly source: string;
  /** `unavailable`: it cannot be asked here (no key, no such folder). `failed`: it is broken. */
  readonly kind: "unavailable" | "failed";
  readonly message: string;
  /** Nobody has set up what it reads. */
  readonly absent?: true;
}

/** What one source offers. */
export interface Asked {
  readonly items: readonly FoundItem[];
  readonly problems: readonly SourceProblem[];
  /** Whether `items` is all that the source has. */
  readonly complete: boolean;
}

/**
 * Asks one source, built-in or not, within a time limit, and checks its answer item by item. Never rejects: problems are returned
 * with the source's name, and valid items are kept.
 *
 * @param context makes what the source gets, with the signal that ends it.
 */
export async function askSource(
  source: QueueSource,
  context: (signal: AbortSignal) => DiscoverContext,
): Promise<Asked> {
  const stop = new AbortController();
  const seconds = source.timeoutS ?? DEFAULT_TIMEOUT_S;
  const late = () => new Error(`no answer within ${seconds} s`);
  try {
    const asked = context(stop.signal);
    const answer = Promise.resolve().then(() => source.discover(asked));
    return checked(source.name, await withTimeLimit(answer, { ms: seconds * 1000, late }), asked.limit);
  } catch (error) {
    const kind = error instanceof Error && CANNOT_BE_ASKED.has(error.name) ? "unavailable" : "failed";
    const message = safeText(errorText(error), 300).replace(/\s+/g, " ");
    const absent = kind === "unavailable" && isObject(error) && error.absent === true ? { absent: true as const } : {};
    return { items: [], problems: [{ source: source.name, kind, message, ...absent }], complete: false };
  } finally {
    stop.abort();
  }
}

function checked(source: string, answer: unknown, limit: number): Asked {
  const fail = (message: string): SourceProblem => ({ source, kind: "failed", message });
  if (!Array.isArray(answer)) return { items: [], problems: [fail("gave no list of items")], complete: false };
  const items: FoundItem[] = [];
  const wrong = new Set<string>();
  const keys = new Set<string>();
  for (const candidate of answer.slice(0, limit)) {
    const problem = shapeProblem(candidate);
    if (problem !== null) wrong.add(problem);
    else if (!keys.has(candidate.key)) {
      keys.add(candidate.key);
      items.push(cleaned(candidate));
    }
  }
  return { items, problems: [...wrong].map(fail), complete: answer.length < limit && wrong.size === 0 };
}

/** What is wrong with an item's shape, or null. */
function shapeProblem(item: unknown): string | null {
  if (!isObject(item)) return "gave an item that is no object";
  if (typeof item.item !== "string" || !item.item.trim()) return 'gave an item whose "item" is no text';
  if (typeof item.key !== "string" || !item.key) return 'gave an item whose "key" is no text';
  const { files, minutes, tier, createdAt, why } = item;
  if (files !== undefined && !(Array.isArray(files) && files.every((file) => typeof file === "string")))
    return 'gave an item whose "files" is no list of paths';
  if (minutes !== undefined && !(typeof minutes === "number" && minutes > 0 && Number.isFinite(minutes)))
    return 'gave an item whose "minutes" is no positive number';
  if (tier !== undefined && asTier(tier) === null) return 'gave an item whose "tier" is none of the four';
  if (createdAt !== undefined && !(typeof createdAt === "number" && Math.abs(createdAt) <= 8.64e15))
    return 'gave an item whose "createdAt" is no time';
  if (why !== undefined && typeof why !== "string") return 'gave an item whose "why" is no text';
  return null;
}

function cleaned(item: FoundItem): FoundItem {
  return {
    ...item,
    item: safeText(item.item, MAX_ITEM).trim() || "(no text)",
    key: item.key.slice(0, 300),
    files: item.files?.slice(0, 100).map((file) => safeText(file, 300)),
    why: item.why === undefined ? undefined : safeText(item.why, 200).replace(/\s+/g, " "),
  };
}
