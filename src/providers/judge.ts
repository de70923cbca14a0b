import { outsidePattern } from "../base/outside-pattern.ts";
import { oneLine } from "../base/text.ts";
import type { Progress } from "../contract/wait-kind.ts";
import { ObservationError } from "../core/observation.ts";
import type { Condition, ProgressPointers, Provider, ProviderStatus, Scalar } from "./describe/provider.ts";
import { first, firstText, moment, reach, sum } from "./pointer.ts";
import { fill, missingIn, type Values } from "./template.ts";

/** The verdict of a document about its target. */
export interface Verdict {
  readonly status: ProviderStatus;
  /** The state as the provider spells it. */
  readonly raw: string;
  readonly why: string | undefined;
  readonly unknown: readonly string[];
  readonly url: string | undefined;
  readonly startedAt: number | undefined;
  readonly endedAt: number | undefined;
}

/** What says how a document is judged. */
export type Judged = Pick<
  Provider,
  "title" | "state" | "states" | "rules" | "otherwise" | "reason" | "url" | "startedAt" | "endedAt"
>;

/** From bad to good: the worst part decides. */
const WORST: readonly ProviderStatus[] = [
  "failed",
  "blocked",
  "cancelled",
  "superseded",
  "unknown",
  "running",
  "waiting",
  "skipped",
  "succeeded",
];

/**
 * Judges a document by a provider's description. Total: a value in no list is `running`, named in `unknown`.
 *
 * @throws {ObservationError} when the document has no state where the description says it stands.
 */
export function judge(provider: Judged, document: unknown, values: Values): Verdict {
  const rule = (provider.rules ?? []).find(({ when }) => when.every((one) => holds(one, document, values)));
  const { status, raw, unknown } = rule
    ? { status: rule.is, raw: rawState(provider, document), unknown: [] }
    : byState(provider, document);
  const said = (provider.reason ?? [])
    .map((pointer) => firstText(document, pointer))
    .find((text) => text !== undefined);
  return {
    status,
    raw,
    unknown,
    why: rule?.reason ? fillFrom(rule.reason, document, values) : said === undefined ? undefined : oneLine(said, 300),
    url: provider.url === undefined ? undefined : fillFrom(provider.url, document, values),
    startedAt: moment(first(document, provider.startedAt)),
    endedAt: moment(first(document, provider.endedAt)),
  };
}

/** How far it is, or null when the document does not say. */
export function progressOf(
  pointers: ProgressPointers | undefined,
  document: unknown,
  values: Values = {},
): Progress | null {
  if (!pointers || typeof document !== "object" || document === null) return null;
  const step = pointers.steps ? firstText(document, pointers.steps.at) : undefined;
  const index = step === undefined ? -1 : (pointers.steps?.order.indexOf(step) ?? -1);
  const done = index >= 0 ? index : sum(document, pointers.done);
  const total =
    index >= 0
      ? (pointers.steps?.order.length ?? null)
      : (fixed(pointers.total, values) ?? sum(document, pointers.total));
  const share = done !== null && total ? (100 * done) / total : null;
  const percent = sum(document, pointers.percent) ?? share;
  const phase = firstText(document, pointers.phase) ?? step ?? null;
  if (done === null && percent === null && phase === null) return null;
  const shown = percent === null ? null : Math.round(Math.min(100, Math.max(0, percent)) * 10) / 10;
  return { done, total, percent: shown, phase: phase === null ? null : oneLine(phase, 80) };
}

/** A total from a known value (`{expect}`) instead of the document. */
function fixed(total: ProgressPointers["total"], values: Values): number | null {
  if (typeof total !== "string" || !total.startsWith("{")) return null;
  const number = Number(fillKnown(total, values) ?? Number.NaN);
  return Number.isFinite(number) ? number : null;
}

/** Whether a condition holds. */
export function holds(condition: Condition, document: unknown, values: Values): boolean {
  const found = reach(document, condition.at);
  const test = (value: unknown) => meets(condition, value, document, values);
  if (condition.every) return found.length > 0 && found.every(test);
  // True for a missing value: "not one of" and "is not there" hold for it.
  return found.length === 0
    ? condition.at.includes("*")
      ? condition.present === false
      : test(undefined)
    : found.some(test);
}

function meets(condition: Condition, value: unknown, document: unknown, values: Values): boolean {
  const text = value === undefined || value === null || typeof value === "object" ? "null" : String(value);
  const among = (list: readonly Scalar[]) => list.some((template) => fillKnown(String(template), values) === text);
  if (condition.is && !among(condition.is)) return false;
  if (condition.not && among(condition.not)) return false;
  if (condition.present !== undefined && condition.present !== isPresent(value)) return false;
  if (condition.matches !== undefined && !outsidePattern(condition.matches, "i").test(text)) return false;
  if (condition.atLeast === undefined) return true;
  const least = limit(condition.atLeast, document, values);
  return least !== null && typeof value === "number" && value >= least;
}

/** Fills in a template; undefined when one of its values is unknown, which equals nothing. */
function fillKnown(template: string, values: Values): string | undefined {
  return missingIn(template, values).length === 0 ? fill(template, values) : undefined;
}

function isPresent(value: unknown): boolean {
  return !(
    value === undefined ||
    value === null ||
    value === false ||
    value === "" ||
    (Array.isArray(value) && value.length === 0)
  );
}

function limit(atLeast: number | string, document: unknown, values: Values): number | null {
  if (typeof atLeast === "number") return atLeast;
  if (atLeast.startsWith("/")) return sum(document, atLeast);
  const number = Number(fillKnown(atLeast, values) ?? Number.NaN);
  return Number.isFinite(number) ? number : null;
}

function rawState(provider: Judged, document: unknown): string {
  return [provider.state ?? []]
    .flat()
    .map((pointer) => String(first(document, pointer) ?? "null"))
    .join(":");
}

function byState(provider: Judged, document: unknown): Pick<Verdict, "status" | "raw" | "unknown"> {
  if (provider.state === undefined) return { status: provider.otherwise ?? "running", raw: "", unknown: [] };
  const pointers = [provider.state].flat();
  const raws = pointers.length === 1 ? reach(document, pointers[0] ?? "").map(scalar) : [rawState(provider, document)];
  if (raws.length === 0 && !lists(provider, "null")) {
    throw new ObservationError(
      `Cannot read the answer of ${provider.title}: there is no "${pointers.join('", "')}" in it`,
    );
  }
  const states = (raws.length === 0 ? ["null"] : raws).map((raw) => ({ raw, status: lists(provider, raw) }));
  const worst =
    states.map(({ status }) => status ?? "running").sort((a, b) => WORST.indexOf(a) - WORST.indexOf(b))[0] ?? "running";
  const shown = states.find(({ status }) => (status ?? "running") === worst)?.raw ?? "";
  const unknown = states
    .filter(({ status }) => status === undefined)
    .map(({ raw }) => `${provider.title} state "${oneLine(raw, 60)}"`);
  return { status: worst, raw: shown, unknown: [...new Set(unknown)] };
}

function lists(provider: Judged, raw: string): ProviderStatus | undefined {
  return WORST.find((status) => provider.states?.[status]?.some((value) => String(value) === raw));
}

function scalar(value: unknown): string {
  return value === undefined || value === null
    ? "null"
    : typeof value === "object"
      ? JSON.stringify(value)
      : String(value);
}

/** Fills in a template with the document's values (`{/pointer}`) and the known ones (`{name}`); undefined when one is missing. */
function fillFrom(template: string, document: unknown, values: Values): string | undefined {
  let whole = true;
  const text = template.replace(/\{(\/[^}]*|[A-Za-z][A-Za-z0-9_]*)\}/g, (_, key: string) => {
    const value = key.startsWith("/") ? firstText(document, key) : values[key];
    whole &&= value !== undefined;
    return value ?? "";
  });
  return whole ? oneLine(text, 300) : undefined;
}
