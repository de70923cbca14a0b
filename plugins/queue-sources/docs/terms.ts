/** A name that a change touches and that other files may mention. */
export interface Term {
  readonly kind: "file" | "symbol" | "flag";
  readonly text: string;
  /** It was removed or renamed, so mentions are out of date. */
  readonly gone: boolean;
}

/** The files of a diff with their changed lines. */
interface FileChange {
  readonly before: string | null;
  readonly after: string | null;
  readonly removed: string[];
  readonly added: string[];
}

const MAX_TERMS = 120;
/** Files that change with everything and that documents do not mention. */
const UNSPOKEN =
  /(?:^|\/)(?:CHANGELOG|HISTORY|RELEASES|NEWS)[^/]*$|\.(?:lock|snap|map)$|(?:^|\/)(?:package-lock\.json|pnpm-lock\.yaml|go\.sum|\.git\w+|\.editorconfig)$/i;

/** The terms that a unified diff (`git diff -U0 -M`) changes; removed ones first. */
export function termsOf(diff: string): readonly Term[] {
  const changes = parseDiff(diff);
  const terms = new Map<string, Term>();
  const add = (term: Term) => {
    const known = terms.get(term.text);
    if (!known || (term.gone && !known.gone)) terms.set(term.text, term);
  };
  for (const { before, after } of changes) {
    // A new file has no outdated mentions.
    if (before !== null && !UNSPOKEN.test(before)) add({ kind: "file", text: before, gone: before !== after });
  }
  const code = changes.filter(({ before, after }) => !isProse(after ?? before ?? ""));
  for (const [kind, namesIn, mayBeGone] of [
    ["symbol", declaredIn, true],
    ["flag", flagsIn, true],
    // Used on a changed line only: the name itself did not change.
    ["symbol", settingsIn, false],
  ] as const) {
    const now = new Set(code.flatMap(({ added, after }) => namesIn(added, after ?? "")));
    for (const text of code.flatMap(({ removed, before }) => namesIn(removed, before ?? ""))) {
      add({ kind, text, gone: mayBeGone && !now.has(text) });
    }
  }
  return [...terms.values()].sort((a, b) => Number(b.gone) - Number(a.gone)).slice(0, MAX_TERMS);
}

/** Whether a file is prose, which defines no names. */
export function isProse(path: string): boolean {
  return /\.(?:md|mdx|markdown|rst|adoc|txt)$/i.test(path);
}

function parseDiff(diff: string): readonly FileChange[] {
  const changes: { before: string | null; after: string | null; removed: string[]; added: string[] }[] = [];
  for (const line of diff.split("\n")) {
    const change = changes.at(-1);
    if (line.startsWith("diff --git ")) changes.push({ ...namesOf(line), removed: [], added: [] });
    else if (!change) continue;
    else if (line.startsWith("new file mode")) change.before = null;
    else if (line.startsWith("deleted file mode")) change.after = null;
    else if (RENAMED.test(line)) Object.assign(change, renamed(line));
    else if (/^(?:---|\+\+\+) (?:"?[ab]\/|\/dev\/null)/.test(line)) continue;
    else if (line.startsWith("-")) change.removed.push(line.slice(1));
    else if (line.startsWith("+")) change.added.push(line.slice(1));
  }
  return changes;
}

const RENAMED = /^rename (?:from|to) (.+)$/;

function renamed(line: string): { before: string } | { after: string } {
  const name = unquote(RENAMED.exec(line)?.[1] ?? "");
  return line.startsWith("rename to") ? { after: name } : { before: name };
}

/** The name in `diff --git a/x b/x`: both halves are the same, unless it is a rename, which says so itself. */
function namesOf(line: string): { before: string; after: string } {
  const rest = line.slice("diff --git ".length);
  const quoted = /^"a\/((?:[^"\\]|\\.)*)"/.exec(rest)?.[1];
  const name = quoted === undefined ? rest.slice(2, 2 + (rest.length - 5) / 2) : unquote(`"${quoted}"`);
  return { before: name, after: name };
}

function unquote(text: string): string {
  if (!text.startsWith('"')) return text;
  return text.slice(1, -1).replace(/\\(["\\])/g, "$1");
}

const DECLARATIONS = [
  /^\s*(?:export\s+)?(?:default\s+)?(?:abstract\s+|async\s+|declare\s+|pub(?:\([^)]*\))?\s+|public\s+|private\s+|protected\s+|static\s+|final\s+)*(?:function\*?|class|interface|type|enum|struct|trait|def|fn|func|object|protocol|record)\s+(?:\([^)]*\)\s*)?([A-Za-z_$][\w$]*)/,
  // Names of values only at the top level, since local variables are not documented.
  /^(?:export\s+)?(?:const|let|var|val|static)\s+([A-Za-z_$][\w$]*)/,
  /^([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\s*[:=]/,
];

/** Names declared on a changed line that are unlike any ordinary word. */
function declaredIn(lines: readonly string[]): readonly string[] {
  const names = lines.flatMap((line) => DECLARATIONS.map((pattern) => pattern.exec(line)?.[1] ?? ""));
  return names.filter(isDistinct);
}

const VARIABLE =
  /(?:env\.|environ(?:\.get)?[[(]\s*["']|getenv\(\s*["']|env\[\s*["']|\$\{?)([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)/g;
/** A key in a file of data, and a field where it is defined: with a type, or in a schema. */
const KEY = {
  data: /^\s*["']?([a-z][a-z0-9]*(?:_[a-z0-9]+)+)["']?\s*[:=]/,
  code: /^\s*(?:readonly\s+)?([a-z][a-z0-9]*(?:_[a-z0-9]+)+)\??:\s*(?:z\.|[^,{}()]*;\s*$|[A-Za-z[\], |]+(?:=|$))/,
};

/** Environment variables and keys of configuration on changed lines. */
function settingsIn(lines: readonly string[], path: string): readonly string[] {
  const key = /\.(?:ya?ml|json|jsonc|toml|ini|cfg)$/i.test(path) ? KEY.data : KEY.code;
  const names = lines.flatMap((line) => [
    key.exec(line)?.[1] ?? "",
    ...[...line.matchAll(VARIABLE)].map(([, name = ""]) => name),
  ]);
  return names.filter(isDistinct);
}

/**
 * Whether a name has two words or more (`readLease`, `read_lease`, `READ_LEASE`, `HttpServer`), which prose does not write by
 * chance.
 */
function isDistinct(name: string): boolean {
  return name.length >= 6 && (/[a-z0-9][A-Z]/.test(name) || /[A-Za-z0-9]_[A-Za-z0-9]/.test(name));
}

const FLAG = /["'`](?:-\w[,|/\s]+)?(--[a-z][a-z0-9]+(?:-[a-z0-9]+)*)/g;
const EVERYBODYS = new Set(["--help", "--version", "--verbose", "--quiet", "--force", "--output", "--debug", "--yes"]);

/** Flags in string literals: where a command line is defined or built. */
function flagsIn(lines: readonly string[]): readonly string[] {
  const flags = lines.flatMap((line) => [...line.matchAll(FLAG)].map(([, flag = ""]) => flag));
  return flags.filter((flag) => flag.length >= 5 && !EVERYBODYS.has(flag));
}
