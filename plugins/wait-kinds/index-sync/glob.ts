/** Whether a path matches a glob: `*` within a segment, `**` over segments, a folder's name for all that is in it. */
export function matchesGlob(path: string, glob: string): boolean {
  const trimmed = glob.replace(/^\.?\//, "").replace(/\/$/, "");
  if (!/[*?]/.test(trimmed)) return path === trimmed || path.startsWith(`${trimmed}/`);
  const source = trimmed
    .split(/(\*\*\/|\*\*|\*|\?)/)
    .map(
      (part) =>
        ({ "**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]" })[part] ??
        part.replace(/[.+^${}()|[\]\\]/g, "\\$&"),
    )
    .join("");
  return new RegExp(`^${source}$`).test(path);
}
