/** THE FORM OF A REVIEWER AS DATA, to the last key: what `Reviewer` (reviewer.ts) promises, checked when somebody writes one. */
import * as z from "zod/mini";
import { expression, type ProviderProblem, problemOf } from "../../providers/describe/schema.ts";
import { keysAt } from "../../providers/describe/schema-keys.ts";

const text = z.string().check(z.minLength(1));
const login = z.string().check(z.regex(/^[\w-]+(?:\[bot\])?$/, "a login"));
const slug = z.string().check(z.regex(/^[\w-]+$/, "the slug of an app"));

/** It stands in sentences of p9's own, so it is none itself. */
const TITLE = /^[\p{L}\p{N}][\p{L}\p{N} &+'()-]{0,39}$/u;

const signal = z.strictObject({
  in: z.enum(["status", "check", "review", "comment", "reaction", "request"]),
  is: z.optional(z.array(z.string().check(z.regex(/^[a-z0-9_+-]+$/, "a value in lower case")))),
  text: z.optional(expression),
  means: z.enum(["running", "done", "refused"]),
  head: z.optional(expression),
});

/** Every key of a reviewer. */
const reviewer = z.strictObject({
  name: z.string().check(z.regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, "a kebab-case name")),
  title: z.string().check(z.regex(TITLE, "at most 40 letters, digits and spaces")),
  checked: text,
  logins: z.optional(z.array(login)),
  apps: z.optional(z.array(slug)),
  contexts: z.optional(z.array(expression)),
  signals: z.array(signal).check(z.minLength(1)),
  findings: z.optional(z.enum(["annotations"])),
  ask: z.strictObject({
    comment: z.optional(text),
    request: z.optional(z.boolean()),
    words: z.optional(text),
  }),
});

/** The first thing that is wrong with a description of a reviewer, or null. */
export function reviewerProblem(described: unknown): ProviderProblem | null {
  const { error, data } = reviewer.safeParse(described);
  const [issue] = error?.issues ?? [];
  if (issue) return problemOf(issue, (path) => keysAt(reviewer, path));
  const isNamed = [data?.logins, data?.apps, data?.contexts].some((names) => (names?.length ?? 0) > 0);
  if (data?.findings && !data.apps?.length) {
    return { key: "findings", problem: 'wanted "apps" too: a check of its name may be anybody\'s' };
  }
  return isNamed ? null : { key: "", problem: 'wanted "logins", "apps" or "contexts": what it is known by' };
}
