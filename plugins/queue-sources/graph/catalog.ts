/** A page of the knowledge graph, as its catalog describes it. */
export interface Entity {
  readonly slug: string;
  readonly type: string;
  readonly status: string;
  readonly claim: string;
  readonly out: readonly string[];
  readonly in: readonly string[];
  readonly aliases: readonly string[];
  readonly sources: readonly string[];
  /** Relative to the folder of entities; empty in catalogs of version 1. */
  readonly path: string;
}

const BLOCK = /^####\s+(\S+)\s+\[([^\]·]+)·([^\]]+)\][^\n]*\n([^\n]*)\n([^\n]*)(?:\npath:\s+(\S+))?(?=\n|$)/gm;

/**
 * The entities of a dense catalog (`schema: dense-catalog-v1`, `-v2`, `-v2-compact`): a heading, the claim, a line of links,
 * tags, names and sources, and the path.
 */
export function parseCatalog(text: string): readonly Entity[] {
  return [...text.matchAll(BLOCK)].map(([, slug = "", type = "", status = "", claim = "", meta = "", path = ""]) => {
    const parts = meta.split("·").map((part) => part.trim());
    const after = (mark: string) => parts.find((part) => part.startsWith(mark))?.slice(mark.length) ?? "";
    const sources = after("src: ");
    return {
      slug,
      type: type.trim(),
      status: status.trim(),
      claim: claim.trim(),
      out: listOf(after("→ "), ","),
      in: listOf(after("← "), ","),
      aliases: listOf(after("aka: "), ","),
      sources: listOf(sources, sources.includes(" | ") ? " | " : ","),
      path,
    };
  });
}

function listOf(text: string, separator: string): readonly string[] {
  return text
    .split(separator)
    .map((part) => part.trim())
    .filter(Boolean);
}
