import { oneLine, stripControls } from "../../base/text.ts";
import { UsageError } from "../../core/errors.ts";
import { escaped, withoutReport } from "../program/output.ts";

/** Values one a line and compact. An expression that begins with a dash is no option. */
const FLAGS = ["-c", "--"];

/**
 * What prints JSON documents through a jq expression as `gh` does: one value a line, strings as they are, null as nothing, the rest as
 * compact JSON.
 *
 * @throws {UsageError} for an expression that is none, before anything is done; and later for one that cannot be applied.
 */
export async function openJq(expression: string): Promise<(documents: string) => string> {
  // jq itself, compiled to WebAssembly: 1.3 MB, for those who ask for it.
  const { loadJq } = await import("jq-wasm/inline");
  const jq = await loadJq();
  // Without an input jq reads the expression and runs nothing.
  const { exitCode, stderr } = jq.raw("", expression, FLAGS);
  const shown = oneLine(expression, 80);
  if (exitCode !== 0) throw new UsageError(`Cannot read the jq expression "${shown}": ${problemOf(stderr)}`);
  return (documents) => {
    const result = jq.raw(documents, expression, FLAGS);
    if (result.exitCode !== 0) {
      throw new UsageError(`Cannot apply the jq expression "${shown}": ${problemOf(result.stderr)}`, {
        hint: "the command itself was carried out",
      });
    }
    if (result.stdout === "") return "";
    return `${result.stdout.split("\n").map(printed).join("\n")}\n`;
  };
}

/** A value as jq wrote it. Text from outside must not move the cursor of a terminal. */
function printed(line: string): string {
  // As gh has it.
  if (line === "null") return "";
  if (!line.startsWith('"')) return escaped(line);
  return withoutReport(stripControls(String(JSON.parse(line))));
}

/** The first line of what jq says, without its name and the place in its input. */
function problemOf(stderr: string): string {
  const [first = ""] = stderr.split("\n");
  const text = first
    .replace(/^jq: error(?: \(at [^)]*\))?:? ?/, "")
    .replace(/ at <top-level>, line (\d+), column (\d+):?$/, (_, line, column) =>
      line === "1" ? ` at column ${column}` : ` at line ${line}, column ${column}`,
    );
  return oneLine(text, 200) || "jq refused it";
}
