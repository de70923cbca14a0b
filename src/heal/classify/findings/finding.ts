/** What a tool found at a place in a file. */
export interface Finding {
  readonly file: string;
  /** Null: the tool names the file only. */
  readonly line: number | null;
  readonly severity: "error" | "warning" | "note" | null;
  /** Name or code of the rule, as the tool writes it. */
  readonly rule: string | null;
  readonly text: string;
}

const NAMED = String.raw`(?<file>(?:[A-Za-z]:)?[^\s:()"'\`|,;<>=]{0,400}[^\s:()"'\`|,;<>=/\\]\.[A-Za-z]\w{0,11}|(?:[^\s:()"'\`|,;<>=]{1,300}/)?(?:Dockerfile|Makefile|Jenkinsfile|Gemfile|Rakefile|BUILD))`;
const SEVERITY = `(?<severity>fatal error|fatal|error|Error|ERROR|warning|Warning|WARNING|WARN|warn|note|info|INFO|style|convention|refactor|hint)`;

/** The shapes in which tools write a place, most exact first; what stands before the place is a short mark of the tool. */
const SHAPES: readonly RegExp[] = [
  // a.ts(3,5): error TS2322: text
  new RegExp(
    String.raw`^\s{0,12}${NAMED}\((?<line>\d{1,7})(?:[,:]\s?\d{1,6}){0,3}\)\s?:?\s*(?:${SEVERITY}\b:?\s*)?(?<text>.*)$`,
  ),
  // [ERROR] A.java:[3,5] text
  new RegExp(String.raw`^\s{0,12}(?:\[${SEVERITY}\]\s+)?${NAMED}:\[(?<line>\d{1,7})(?:,\d{1,6})?\]\s+(?<text>.*)$`),
  // tidy error: a.rs:3: text, [WARN] a.java:3:5: text, a.c:3:5: error: text, a.py:3:5 - error: text
  new RegExp(
    String.raw`^\s{0,12}(?:\[?(?:[\w-]{1,20}[ :]\s?){0,3}${SEVERITY}\]?:?\s+|[[(✘✗×x>•*-]\s{0,2}|(?:e|w): (?:file://)?)?${NAMED}(?::\s?|#L)(?<line>\d{1,7})(?::\d{1,6})?(?:-\d{1,7}(?::\d{1,6})?)?\]?(?:\s?[:,-]\s*|\s+)(?:\[?(?:fatal )?(?<kind>[Ee]rror|[Ww]arning|ERROR|WARNING|WARN|note|info|style|convention)\b\]?:?\s*)?(?<text>.*)$`,
  ),
  // File "a.py", line 3; a.js: line 3, col 5, Error - text
  new RegExp(
    String.raw`^\s{0,12}(?:File ")?${NAMED}"?[:,]? (?:on )?line (?<line>\d{1,7})(?:, col(?:umn)? \d{1,6})?[,:]?\s*(?:${SEVERITY}\b\s*[-:]?\s*)?(?<text>.*)$`,
  ),
  // tidy error: a.rs: text
  new RegExp(
    String.raw`^\s{0,12}(?:[\w-]{1,20}[ :]\s?)?(?<severity>error|Error|ERROR|warning|Warning|WARNING)\b:?\s+${NAMED}:\s+(?<text>\S.*)$`,
  ),
  //   --> a.rs:3:5
  new RegExp(
    String.raw`^\s{0,12}(?:-->|╭▸|┌─|╭─\[|,-\[|at) ?${NAMED}:(?<line>\d{1,7})(?::\d{1,6})?\]?:?(?<text>.{0,40})$`,
  ),
];

/** A place without its file, which stands on a line of its own above: eslint, stylelint, phpcs, markdown linters. */
const INDENTED =
  /^\s{1,12}(?<line>\d{1,7})(?::\d{1,6})?\s{1,6}\|?\s{0,4}(?<severity>error|warning|Error|Warning|ERROR|WARNING|✖|⚠|×)\s{1,6}\|?\s{0,4}(?:\[.{1,3}\] )?(?<text>\S.*)$/;
const HEADING =
  /^(?:\s{0,4}(?:FILE: )?)(?<file>(?:[A-Za-z]:)?(?:[\w@.+~$()[\]-]{0,80}[\\/]){0,24}[\w@.+~$()[\]-]{1,120}\.\w{1,12}|(?:[A-Za-z]:)?\/\S{1,400})\s*$/;

/** How a rule is written at the end of a finding, or at its start. */
const RULES: readonly RegExp[] = [
  /\[([\w/.:@-]{2,80})\]\.?$/,
  /\(([a-z][\w/.:@-]{2,80})\)$/,
  /\s{2,}(@?[a-z][\w@-]*(?:\/[\w-]+){0,3}|[A-Z]{1,4}\d{2,5})$/,
  /^\[?([A-Z]{1,8}\d{2,5})\]?:?\s/,
  /^([A-Z]\w{1,3}\/\w{3,60}|[a-z][a-z0-9]*(?:-[a-z0-9]+){1,6}|(?:lint|suspicious|style|correctness|complexity)\/[\w/]{2,80}):?\s/,
];

/**
 * Reads findings line by line, with the file that stands on a line of its own above. Linear: a line that names no place costs
 * little.
 */
export class FindingReader {
  #file: string | null = null;
  #since = 0;

  /** The finding on this line, or null. Lines are given in order. */
  read(text: string): Finding | null {
    if (text === "") return null;
    if (text.length > 600) return null;
    const heading = /[./]/.test(text) && !/[:,;] /.test(text) ? HEADING.exec(text) : null;
    if (heading?.groups?.file) {
      this.#file = heading.groups.file;
      this.#since = 0;
      return null;
    }
    if (++this.#since > 400) this.#file = null;
    if (!/\d|rror|arning|RROR|ARNING/.test(text) || !/[:(]| line |✖|⚠|\s\w/.test(text)) return null;
    const below = this.#file === null ? null : INDENTED.exec(text);
    if (below?.groups && this.#file !== null) return toFinding(below.groups, this.#file);
    for (const shape of SHAPES) {
      const groups = shape.exec(text)?.groups;
      if (groups?.file && isFile(groups.file)) return toFinding(groups, groups.file);
    }
    return null;
  }
}

/** Addresses, versions and hosts have dots and colons too. */
function isFile(name: string): boolean {
  return !/^(?:https?|git|ssh|file)$|^\d+(?:\.\d+)+|^\w+@|:\/\/|\.(?:com|org|net|io|dev|local|Exception|Error)$/.test(
    name,
  );
}

function toFinding(groups: Readonly<Record<string, string | undefined>>, file: string): Finding {
  const text = (groups.text ?? "").trim();
  const word = (groups.kind ?? groups.severity ?? "").toLowerCase();
  const rule = RULES.map((pattern) => pattern.exec(text)?.[1]).find((name) => name !== undefined);
  const severity = /error|fatal|✖|×/.test(word) ? "error" : /warn|⚠/.test(word) ? "warning" : word ? "note" : null;
  return { file, line: groups.line === undefined ? null : Number(groups.line), severity, rule: rule ?? null, text };
}
