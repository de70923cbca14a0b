/** Reads the value at a path in data from outside; null when a part of the path is missing. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let here = value;
  for (const name of path) {
    if (typeof here !== "object" || here === null || !(name in here)) return null;
    here = (here as Record<string, unknown>)[name];
  }
  return here ?? null;
}

/** Reads the text at a path, or null. */
export function textAt(value: unknown, ...path: readonly (string | number)[]): string | null {
  const found = at(value, ...path);
  return typeof found === "string" ? found : null;
}

/** Reads the finite number at a path, or null. */
export function numberAt(value: unknown, ...path: readonly (string | number)[]): number | null {
  const found = at(value, ...path);
  return typeof found === "number" && Number.isFinite(found) ? found : null;
}

/** Whether the value at a path is `true`. */
export function isTrueAt(value: unknown, ...path: readonly (string | number)[]): boolean {
  return at(value, ...path) === true;
}

/** Reads the time at a path in ms since the epoch, or null; GitHub's zero time counts as null. */
export function timeAt(value: unknown, ...path: readonly (string | number)[]): number | null {
  const ms = Date.parse(textAt(value, ...path) ?? "");
  return Number.isFinite(ms) && ms > 0 ? ms : null;
}

/** Reads the list at a path; empty when there is none. */
export function listAt(value: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}
