import { at, textAt } from "../read.ts";

/** A message of GitHub's about a part of the data; `path` begins inside the repository. */
export interface FieldProblem {
  readonly type: string;
  readonly message: string;
  readonly path: readonly (string | number)[];
}

/** GitHub's answer to one piece of a query. */
export interface PieceAnswer {
  readonly data: unknown;
  readonly problems: readonly FieldProblem[];
}

/** Reads an entry of GitHub's `errors`, which may lack any field. `code`: why the schema refuses the query. */
export function readProblem(error: unknown): FieldProblem & { readonly code: string } {
  const path = at(error, "path");
  return {
    type: textAt(error, "type") ?? "",
    code: textAt(error, "extensions", "code") ?? "",
    message: textAt(error, "message") ?? "unknown error",
    path: Array.isArray(path) ? path.map((part: unknown) => (typeof part === "number" ? part : String(part))) : [],
  };
}

/** Whether GitHub could not finish the query; a smaller one may succeed. */
export function isTooMuch({ type, message }: FieldProblem): boolean {
  return type === "RESOURCE_LIMITS_EXCEEDED" || /\btimed? ?out\b/i.test(message);
}

/** Finds GitHub's message about a place in the answer, about a part that contains it, or (unless `optional`) about a part inside it. */
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
