import { oneLine, quote } from "../../base/text.ts";

/** A condition that is not met, and who must act. */
export interface Unmet {
  readonly condition: string;
  /** A sentence for people; names from outside are clipped and made safe. */
  readonly detail: string;
  readonly who: string;
}

/** Makes an unmet condition. */
export function unmet(condition: string, detail: string, who: string): Unmet {
  return { condition, detail, who };
}

/** Makes a name from outside safe. */
export function name(text: string): string {
  return oneLine(text, 80) || "?";
}

/** Makes plain words of a constant of GitHub's. */
export function word(text: string): string {
  return oneLine(text, 40).toLowerCase().replaceAll("_", " ") || "?";
}

/** Joins up to three names; the rest is counted. */
export function list(names: readonly string[]): string {
  return names.length > 3 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(", ");
}

/** Joins names as {@link list}, each in quotes. */
export function quoted(names: readonly string[]): string {
  return list([...new Set(names)].map((one) => quote(name(one), 80)));
}
