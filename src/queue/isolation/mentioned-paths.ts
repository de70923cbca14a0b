const TOKEN = /[A-Za-z0-9_@.~*-]*(?:[/\\][A-Za-z0-9_@.~*[\]-]+)+[/\\]?|[A-Za-z0-9_@.-]+\.[A-Za-z][A-Za-z0-9]{0,9}\b/g;
/** Hidden files and folders, such as `.github`. */
const HIDDEN = /(?<![\w./\\-])\.[A-Za-z][\w-]+(?![\w./\\-]*[/\\.]\w)/g;
const EXTENSION =
  /\.(?:[cm]?[jt]sx?|py|go|rs|rb|java|kt|kts|swift|c|cc|cpp|h|hpp|cs|php|sh|bash|zsh|sql|vue|svelte|css|scss|html|md|mdx|rst|adoc|txt|json|jsonc|ya?ml|toml|ini|lock|proto|graphql|tf|ex|exs|erl|scala|clj|lua|r|ipynb|cfg|conf|env|xml|gradle)$/i;

/**
 * Paths that a text names: words with a slash that look like a path, and words that end in a known extension. URLs, versions
 * (`v1.2`), dates (`3/4`) and `and/or` are none.
 */
export function mentionedPaths(text: string): string[] {
  // Most work names none, and the patterns below take long over long words.
  if (!/[./\\]/.test(text)) return [];
  const withoutUrls = text.replace(/[a-z][a-z0-9+.-]*:\/\/\S+/gi, " ");
  const found = new Set<string>();
  for (const [raw] of withoutUrls.matchAll(TOKEN)) {
    const token = raw.replace(/[.,:;]+$/, "");
    if (EXTENSION.test(token) || looksLikeFolder(token)) found.add(token.replace(/:\d+$/, ""));
  }
  for (const [name] of withoutUrls.matchAll(HIDDEN)) found.add(name);
  return [...found];
}

/** `src/watch/` and `.control/x` are folders or files; `and/or`, `3/4` and `I/O` are words. */
function looksLikeFolder(token: string): boolean {
  if (!/[/\\]/.test(token)) return false;
  if (/[/\\]$/.test(token)) return /[A-Za-z]{2}/.test(token);
  return (
    /^\.{0,2}[/\\]|^\.[A-Za-z]|[/\\].*[/\\]/.test(token) ||
    /^(?:src|lib|docs?|tests?|app|packages?|scripts|plugins|hooks)[/\\]/.test(token)
  );
}
