import { at, textAt } from "../read.ts";

/** A message of GitHub about a part of the data; `path` begins inside the repository. */
export interface FieldProblem {
  readonly type: string;
  readonly message: string;
  readonly path: readonly (string | number)[];
}

/** What came back for one piece. */
export interface PieceAnswer {
  readonly data: unknown;
  readonly problems: readonly FieldProblem[];
}

/** GitHub's `errors` entry, whatever is missing from it. */
export function readProblem(error: unknown): FieldProblem {
  const path = at(error, "path");
  return {
    type: textAt(error, "type") ?? "",
    message: textAt(error, "message") ?? "unknown error",
    path: Array.isArray(path) ? path.map((part: unknown) => (typeof part === "number" ? part : String(part))) : [],
  };
}

/** Whether GitHub could not do so much at once: asked for less it may. */
export function isTooMuch({ type, message }: FieldProblem): boolean {
  return type === "RESOURCE_LIMITS_EXCEEDED" || /\btimed? ?out\b/i.test(message);
}

/** GitHub's message about a place in the answer: about itself, what it stands in, or (unless `optional`) what is inside of it. */
export function problemAt(
  problems: readonly FieldProblem[],
  place: readonly (string | number)[],
  optional: (inside: readonly (string | number)[]) => boolean = () => false,
): FieldProblem | null {
  const touches = ({ path }: FieldProblem) => {
    if (place.slice(0, path.length).some((name, index) => String(name) !== String(path[index]))) return false;
    return path.length <= place.length || !optional(path.slice(place.length));
  };
  return problems.find(touches) ?? null;
}
