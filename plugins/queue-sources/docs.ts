import { createHash } from "node:crypto";
import { type DiscoverContext, defineQueueSource, type FoundItem, UnavailableError } from "../../src/plugin.ts";
import { findMentions, type Mention } from "./docs/mentions.ts";
import { isProse, type Term, termsOf } from "./docs/terms.ts";

/**
 * Offers documents and other files that mention what the pull request changes and that it did not touch: they may be out of date.
 */
export default defineQueueSource({
  name: "docs",
  summary: "Documents that mention what the pull request changes",
  timeoutS: 20,
  discover: async (context) => {
    const { root, limit } = context;
    if (root === null) throw new UnavailableError("no git repository here", { absent: true });
    const [diff, files] = await Promise.all([context.diff(), context.changedFiles()]);
    const terms = termsOf(diff);
    if (terms.length === 0) return [];
    const mentions = await findMentions({ ...context, cwd: root }, terms, new Set(files));
    return byFile(mentions)
      .sort((a, b) => weight(b) - weight(a) || (a.file < b.file ? -1 : 1))
      .slice(0, limit)
      .map((found) => asItem(context, found));
  },
});

/** All mentions of the change in one file. */
interface Found {
  readonly file: string;
  /** The first mention of each term. */
  readonly mentions: readonly Mention[];
}

function byFile(mentions: readonly Mention[]): Found[] {
  const files = new Map<string, Map<string, Mention>>();
  for (const mention of mentions) {
    const own = files.get(mention.file) ?? new Map<string, Mention>();
    if (!own.has(mention.term.text)) own.set(mention.term.text, mention);
    files.set(mention.file, own);
  }
  return [...files].map(([file, own]) => ({ file, mentions: [...own.values()] }));
}

/**
 * Weight of a file's mentions. A mention of a removed name is certainly wrong and counts most; a flag or symbol counts more than
 * a path, a link in a text least.
 */
function weight({ file, mentions }: Found): number {
  const one = ({ term }: Mention) => (term.gone ? 10 : 0) + (term.kind !== "file" ? 4 : isProse(term.text) ? 0 : 1);
  return Math.max(...mentions.map(one)) * 10 + Math.min(mentions.length, 5) + (isProse(file) ? 35 : 0);
}

function asItem({ pr, repo, root }: DiscoverContext, { file, mentions }: Found): FoundItem {
  const ordered = [...mentions].sort((a, b) => Number(b.term.gone) - Number(a.term.gone) || a.line - b.line);
  const first = ordered[0];
  const where = ordered.slice(0, 4).map(({ term, line }) => `${term.text} (line ${line})`);
  const more = ordered.length > 4 ? ` and ${ordered.length - 4} more` : "";
  const gone = ordered.some(({ term }) => term.gone);
  const change = pr ? `pull request #${pr.number}` : "this branch";
  const terms = ordered.map(({ term }) => term.text).sort();
  return {
    item: `Check ${file}:${first?.line ?? 1}: it mentions ${where.join(", ")}${more}, which ${change} ${gone ? "removes or renames" : "changes"}`,
    key: `${pr ? `${pr.repo}#${pr.number}` : (repo ?? root ?? "")}:${file}:${digest(terms)}`,
    files: [file],
    minutes: 5,
    // Files other than prose are fixed on top of the change: before it, the old name is right.
    ...(isProse(file) ? {} : { tier: "stacked_branch" as const }),
    why: `${file}:${first?.line ?? 1} mentions ${first ? describe(first.term) : "the change"}`,
  };
}

function describe({ kind, text, gone }: Term): string {
  return `the ${gone ? "removed" : "changed"} ${kind} ${text}`;
}

function digest(terms: readonly string[]): string {
  return createHash("sha256").update(terms.join("\n")).digest("hex").slice(0, 10);
}
