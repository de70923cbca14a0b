import type { Document } from "yaml";
import { isObject } from "../base/json.ts";
import { schemaAddress } from "../config/schema-address.ts";
import { errorText } from "../core/errors.ts";
import type { FileChange } from "./files.ts";

const WATCH = `ci_watch:
  enabled: true
  # So many pull requests are watched at once; more wait for their turn.
  max_concurrent_prs: 5
  # To wait for the reviews of each push too, and to be told when they are through:
  # auto: [pr-ci, review]
`;
const HEAL = `ci_heal:
  enabled: true
  max_attempts: 5
  classified_failure_types: [lint, format, test_flaky, codegen_drift, import_missing]
`;

/**
 * Appends the missing blocks to a policy file (or to the user's own `config.yaml`) without touching the rest. Leaves a file alone
 * that is no YAML mapping, with the reason in `problem`.
 */
export async function policyChange(
  path: string,
  text: string | null,
  wanted: readonly ("ci_watch" | "ci_heal")[],
): Promise<FileChange & { readonly problem?: string }> {
  const before = text ?? "";
  const { parseDocument } = await import("yaml");
  const document = parseDocument(before, { logLevel: "silent" });
  const { value, error } = contentOf(document);
  if (error !== null || (value !== null && !isObject(value))) {
    const problem = `"${path}" is no YAML mapping (${error ?? "wanted one"}): its blocks were not added`;
    return { path, text: before, done: [], problem };
  }
  const missing = wanted.filter((name) => !isObject(value) || value[name] === undefined || value[name] === null);
  // Do not append to a key without a value: it would become a duplicate.
  const empty = missing.filter((name) => isObject(value) && name in value);
  if (empty.length > 0)
    return { path, text: before, done: [], problem: `"${empty[0]}:" in "${path}" is empty: fill it in by hand` };
  if (missing.length === 0) return { path, text: before, done: [] };
  // A new file begins with its schema, for editors; one that is there is the user's.
  const schema = wanted.includes("ci_heal") ? "policy" : "config";
  const head = `# yaml-language-server: $schema=${schemaAddress(schema)}\n`;
  const gap = before === "" ? head : before.endsWith("\n") ? "\n" : "\n\n";
  const blocks = missing.map((name) => (name === "ci_watch" ? WATCH : HEAL)).join("\n");
  return { path, text: before + gap + blocks, done: missing.map((name) => `added the block ${name}`) };
}

/** The value of a YAML document, or what is wrong with it: aliases that multiply show only when it is made. */
function contentOf(document: Document): { readonly value: unknown; readonly error: string | null } {
  const [problem] = document.errors;
  if (problem) return { value: null, error: problem.message.split("\n")[0] ?? "" };
  try {
    return { value: document.toJS(), error: null };
  } catch (error) {
    return { value: null, error: errorText(error) };
  }
}
