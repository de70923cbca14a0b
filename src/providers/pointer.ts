import type { Pointer } from "./describe/provider.ts";

/**
 * All values that a pointer reaches: `*` stands for every element of a list or object, a last `#` for a length. A segment that
 * is not there reaches nothing; a value that is null is reached.
 */
export function reach(document: unknown, pointer: Pointer): unknown[] {
  if (pointer === "") return [document];
  const segments = pointer.replace(/^\//, "").split("/");
  return segments.reduce<unknown[]>(
    (values, segment) => values.flatMap((value) => step(value, decode(segment))),
    [document],
  );
}

/** The first value that a pointer reaches, or undefined. */
export function first(document: unknown, pointer: Pointer | undefined): unknown {
  return pointer === undefined ? undefined : reach(document, pointer)[0];
}

/** The first value as text, or undefined for what is missing, null, empty or no scalar. */
export function firstText(document: unknown, pointer: Pointer | undefined): string | undefined {
  const value = first(document, pointer);
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value) || undefined
    : undefined;
}

/** The sum of the numbers that the pointers reach, or null when there is none. */
export function sum(document: unknown, pointers: Pointer | readonly Pointer[] | undefined): number | null {
  const numbers = [pointers ?? []]
    .flat()
    .flatMap((pointer) => reach(document, pointer))
    .map((value) => (typeof value === "string" && value.trim() ? Number(value) : value))
    .filter((value): value is number => typeof value === "number" && Number.isFinite(value));
  return numbers.length === 0 ? null : numbers.reduce((a, b) => a + b, 0);
}

/** Milliseconds since the epoch of an ISO date, seconds or milliseconds; undefined for anything else. */
export function moment(value: unknown): number | undefined {
  if (typeof value === "number" && value > 0) return value < 1e11 ? value * 1000 : value;
  const ms = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isFinite(ms) && ms > 0 ? ms : undefined;
}

function step(value: unknown, segment: string): unknown[] {
  if (typeof value === "string") return segment === "#" ? [value.length] : [];
  if (typeof value !== "object" || value === null) return [];
  if (segment === "*") return Object.values(value);
  if (segment === "#") return [Object.keys(value).length];
  return Object.hasOwn(value, segment) ? [(value as Record<string, unknown>)[segment]] : [];
}

function decode(segment: string): string {
  return segment.replaceAll("~1", "/").replaceAll("~0", "~");
}
