import { jsonDocument } from "../program/output.ts";
import { fieldsOf } from "./fields.ts";
import { selectFields } from "./select.ts";

/** What a command line asked of its documents beside `--json`. */
interface Shape {
  /** The command line. */
  readonly argv: readonly string[];
  /** Null: all. */
  readonly fields: readonly string[] | null;
  /** A jq expression, or null. */
  readonly jq: string | null;
}

/** What prints JSON documents, one a line, as they were asked for. @throws {UsageError} for an expression that jq cannot read. */
export async function shaper({ argv, fields, jq }: Shape): Promise<(documents: string) => string> {
  const filter = jq === null ? null : await (await import("./jq.ts")).openJq(jq);
  const known = fieldsOf(argv) ?? { of: "document" as const };
  const select = (line: string) =>
    fields === null ? `${line}\n` : jsonDocument(selectFields(JSON.parse(line), known, fields), (exactly) => exactly);
  return (documents) => {
    const chosen = documents.trimEnd().split("\n").map(select).join("");
    return filter === null ? chosen : filter(chosen);
  };
}
