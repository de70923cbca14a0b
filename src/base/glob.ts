/** Paths as the policy, the item and git may write them, made one: forward slashes, no `./`, `..` resolved, never above the root. */
export function normalPath(path: string): string {
  const kept: string[] = [];
  for (const part of path.replaceAll("\\", "/").split("/")) {
    if (part === "..") kept.pop();
    else if (part && part !== ".") kept.push(part);
  }
  return kept.join("/");
}

/**
 * Whether `path` lies under one of `patterns`: a glob with `*`, `**` and `?`, a folder (`infra/`), or a plain name, which
 * stands for that file in any folder. Case does not count: on some disks `claude.md` is `CLAUDE.md`.
 */
export function underAny(path: string, patterns: readonly string[]): boolean {
  const normal = normalPath(path);
  return patterns.some((pattern) => expression(pattern).test(normal));
}

const WILD: Record<string, string> = { "**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]" };

function expression(pattern: string): RegExp {
  const folder = /[/\\]$/.test(pattern);
  const normal = normalPath(pattern);
  const anywhere = normal.includes("/") ? "^" : "(?:^|/)";
  const body = normal.replace(/\*\*\/|\*\*|\*|\?|[.+^${}()|[\]\\]/g, (token) => WILD[token] ?? `\\${token}`);
  return new RegExp(`${anywhere}${body}${folder ? "(?:/|$)" : "(?:$|/)"}`, "i");
}
