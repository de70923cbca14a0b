import { didYouMean } from "../../base/nearest.ts";
import { UsageError } from "../../core/errors.ts";
import { commandPath, fieldsOf, type JsonFields } from "./fields.ts";

/** What a command line says of its JSON document. */
export interface JsonChoice {
  /** The command line with every `--json` as `--json=`, which takes no word after it. */
  readonly argv: readonly string[];
  /** The fields asked for; null: the whole document. */
  readonly fields: readonly string[] | null;
  /** The fields that there are, when they were asked for; else null. */
  readonly listed: readonly string[] | null;
}

/**
 * Reads `--json a,b`, `--json=a,b` and `--json=help`. Behind `--json`, a word is a list of fields where the command takes no words of
 * its own, and else only when it names a field of the command (and, where a word is needed, another one is there).
 *
 * @param isTTY whether `--json=` without a value lists the fields, which it does for people
 * @throws {UsageError} naming a field that the command does not have, and those it has.
 */
export function readJsonChoice(argv: readonly string[], isTTY: boolean): JsonChoice {
  const known = fieldsOf(argv);
  const fields: string[] = [];
  const rest: string[] = [];
  const end = argv.includes("--") ? argv.indexOf("--") : argv.length;
  let isListed = false;
  for (let at = 0; at < end; at += 1) {
    const word = argv[at] ?? "";
    if (word !== "--json" && !word.startsWith("--json=")) {
      rest.push(word);
      continue;
    }
    rest.push("--json=");
    const next = at + 1 < end ? argv[at + 1] : undefined;
    const isBehind = word === "--json" && next !== undefined && isFieldList(next, known, argv.slice(0, end));
    const list = isBehind ? next : word.slice("--json=".length);
    if (isBehind) at += 1;
    if (list === "help" || (word === "--json=" && isTTY)) isListed = true;
    else if (list !== "") fields.push(...list.split(","));
  }
  const names = known?.names ?? [];
  check(fields, known, argv);
  return {
    argv: [...rest, ...argv.slice(end)],
    fields: fields.length > 0 ? [...new Set(fields)] : null,
    listed: isListed ? names : null,
  };
}

function isFieldList(word: string, known: JsonFields | null, argv: readonly string[]): boolean {
  if (known === null || word.startsWith("-")) return false;
  if (known.operands === "none") return true;
  const isNamed = word === "help" || word.split(",").some((name) => known.names.includes(name));
  return isNamed && (known.operands === "optional" || operandsOf(argv).length > 0);
}

/** Words that belong to no option, as far as can be told without the command's own options. */
function operandsOf(argv: readonly string[]): readonly string[] {
  const words = argv.slice(commandPath(argv).split(" ").length);
  return words.filter((word, at) => !word.startsWith("-") && !/^--[^=]+$/.test(words[at - 1] ?? ""));
}

function check(fields: readonly string[], known: JsonFields | null, argv: readonly string[]): void {
  if (fields.length === 0) return;
  if (known === null)
    throw new UsageError(`Cannot choose fields of p9 ${argv[0]}: it prints no JSON document that has some`);
  const unknown = fields.find((name) => !known.names.includes(name));
  if (unknown === undefined) return;
  throw new UsageError(`Unknown JSON field: "${unknown}"${didYouMean(unknown, known.names)}`, {
    hint: `Available fields: ${known.names.join(", ")}`,
  });
}
