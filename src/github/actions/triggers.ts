/** A push to a pull request, as the filters of workflows see it. */
export interface Change {
  readonly base: string;
  readonly branch: string;
  /** Whether the branch is a fork's: its push starts no `push` workflow in the repository. */
  readonly fork: boolean;
  /** Paths that the pull request changes; null when they are not known. */
  readonly files: readonly string[] | null;
}

/** `starts`: a push to the pull request starts the workflow. `filtered`: its filters prevent that. `other`: only other events start it. */
export type Trigger = "starts" | "filtered" | "other" | "unknown";

/** Activity types of a push, an opening and a reopening. */
const DEFAULT_TYPES = ["opened", "synchronize", "reopened"];
/** GitHub compares at most this many changed files; with more, a workflow starts. */
const MAX_FILES = 300;
/** Longer patterns, or those with more wildcards, are not tried, because they are text from outside. */
const MAX_LENGTH = 200;
const MAX_WILD = 8;

/** Whether a workflow (its parsed file) starts for a change, by its `on`. */
export function startsFor(workflow: unknown, change: Change): Trigger {
  const events = eventsOf(member(workflow, "on") ?? member(workflow, "true"));
  const verdicts = [...events].flatMap(([event, filter]): Trigger[] => {
    if (event === "push") return change.fork ? [] : [passes(filter, change.branch, change)];
    if (event !== "pull_request" && event !== "pull_request_target") return [];
    const types = textsOf(member(filter, "types"));
    if (types !== null && !types.some((type) => DEFAULT_TYPES.includes(type))) return [];
    return [passes(filter, change.base, change)];
  });
  return (["starts", "unknown", "filtered"] as const).find((verdict) => verdicts.includes(verdict)) ?? "other";
}

function eventsOf(on: unknown): Map<string, unknown> {
  if (typeof on === "string") return new Map([[on, null]]);
  const names = textsOf(on);
  if (names !== null) return new Map(names.map((name) => [name, null]));
  return new Map(typeof on === "object" && on !== null ? Object.entries(on) : []);
}

function passes(filter: unknown, branch: string, { files }: Change): Trigger {
  const patterns = (name: string) => textsOf(member(filter, name));
  const [branches, notBranches] = [patterns("branches"), patterns("branches-ignore")];
  const [paths, notPaths] = [patterns("paths"), patterns("paths-ignore")];
  const tags = branches === null && notBranches === null && (patterns("tags") ?? patterns("tags-ignore")) !== null;
  const all = [branches, notBranches, paths, notPaths].flatMap((list) => list ?? []);
  if (all.some((pattern) => !isPlain(pattern))) return "unknown";
  if (tags || (branches && !isIn(branch, branches)) || (notBranches && isIn(branch, notBranches))) return "filtered";
  if (!paths && !notPaths) return "starts";
  if (files === null) return "unknown";
  if (files.length > MAX_FILES) return "starts";
  if (paths && !files.some((file) => isIn(file, paths))) return "filtered";
  return notPaths && files.every((file) => isIn(file, notPaths)) ? "filtered" : "starts";
}

/** Whether patterns include a name. The last match decides; a pattern with `!` excludes. */
function isIn(name: string, patterns: readonly string[]): boolean {
  let found = false;
  for (const pattern of patterns) {
    const negative = pattern.startsWith("!");
    if (expression(negative ? pattern.slice(1) : pattern).test(name)) found = !negative;
  }
  return found;
}

function isPlain(pattern: string): boolean {
  return pattern.length <= MAX_LENGTH && (pattern.match(/[*+?]/g) ?? []).length <= MAX_WILD;
}

const WILD: Readonly<Record<string, string>> = { "**/": "(?:.*/)?", "**": ".*", "*": "[^/]*" };

/** Compiles a pattern of GitHub's: `?` and `+` apply to the character before them, `[]` is a set. */
function expression(pattern: string): RegExp {
  const body = pattern.replace(/\*\*\/|\*\*|\*|\[[\w-]+\]|[.^${}()|\\[\]]/g, (token) => {
    if (token.length > 2 && token.startsWith("[")) return token;
    return WILD[token] ?? `\\${token}`;
  });
  try {
    return new RegExp(`^${body}$`);
  } catch {
    return /(?!)/;
  }
}

function textsOf(value: unknown): string[] | null {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : null;
}

function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && name in value ? (value as Record<string, unknown>)[name] : null;
}
