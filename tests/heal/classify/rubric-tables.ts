import { RULES } from "../../../src/heal/classify/rubric.ts";
import type { Rule } from "../../../src/heal/classify/rule.ts";

/** Markdown of the rubric's tables by heading, made from the rules. */
export function rubricTables(): Record<string, string> {
  const types = [...new Set(RULES.map(({ type }) => type))];
  return Object.fromEntries(types.map((type) => [type, table(RULES.filter((rule) => rule.type === type))]));
}

function table(rules: readonly Rule[]): string {
  const head = "| rule | tool | weight | the line has | and matches | example | marks |\n|---|---|---|---|---|---|---|";
  return `${head}\n${rules.map(row).join("\n")}\n`;
}

function row(rule: Rule): string {
  const marks = [
    rule.ignoreCase && "any case",
    rule.deep && "deep",
    rule.transient && "transient",
    rule.fixable && "fixable",
    rule.echo && "echo",
  ]
    .filter(Boolean)
    .join(", ");
  const cells = [
    code(rule.id),
    rule.tool,
    String(rule.weight),
    rule.find.map(code).join(" or "),
    rule.re ? code(rule.re.source) : "",
    code(rule.example.trim()),
    marks,
  ];
  return `| ${cells.join(" | ")} |`;
}

/** A code span in a table cell: bars escaped, backticks fenced. */
function code(text: string): string {
  const safe = text.replaceAll("|", "\\|").replaceAll("\t", "→");
  if (!safe.includes("`")) return `\`${safe}\``;
  return `\`\` ${safe} \`\``;
}
