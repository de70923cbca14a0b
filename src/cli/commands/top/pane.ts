import { statSync } from "node:fs";
import { logTail } from "../../../inbox/report.ts";
import type { ShownWait } from "../../../show/shown-wait.ts";
import { type Line, wrap } from "./cells.ts";
import { detailsOf, evidenceLines } from "./details.ts";
import type { Subject } from "./rows.ts";

/** What lies over the list: it has lines, and is scrolled. */
export interface Pane {
  readonly title: string;
  /** What the keys act on while it is open. */
  readonly subject: Subject | null;
  /** The end is shown first, and what is added to it. */
  readonly fromEnd: boolean;
  lines(width: number, now: number): readonly Line[];
}

/** All about the subject of a row; `now` gives the subject as it is by then. */
export function detailsPane(subject: Subject, current: () => Subject): Pane {
  return {
    title: "Details",
    subject,
    fromEnd: false,
    lines: (width, now) => detailsOf(current(), width, now),
  };
}

/** So many lines of a log are shown. */
const LOG_LINES = 400;

/** The end of the log of a wait, as it grows; where there is none, what shows why it failed, and where its log is. */
export function logPane(wait: ShownWait): Pane {
  const { log } = wait;
  const pane = { title: `Log of ${wait.name}`, subject: { wait }, fromEnd: log !== null };
  if (log === null) return { ...pane, lines: (width) => withoutLog(wait, width) };
  let mark = "";
  let lines: readonly string[] = [];
  return {
    ...pane,
    lines: (width) => {
      const stat = statSync(log, { throwIfNoEntry: false });
      const now = stat ? `${stat.size} ${stat.mtimeMs}` : "none";
      if (now !== mark) lines = logTail(log, LOG_LINES);
      mark = now;
      if (lines.length === 0)
        return wrap(`Nothing is in ${log} (yet)`, width).map((text): Line => [{ text, tone: "dim" }]);
      return lines.flatMap((line) => wrap(line, width, 20).map((text): Line => [{ text }]));
    },
  };
}

function withoutLog(wait: ShownWait, width: number): readonly Line[] {
  const where = wait.items.filter(({ url, state }) => url && (state === "failed" || state === "cancelled"));
  const words = [
    "p9 keeps no log of it",
    ...(wait.url === null ? [] : [`o opens ${wait.url}`]),
    ...where.map(({ name, url }) => `${name}: ${url}`),
  ];
  return [
    ...words.flatMap((text) => wrap(text, width).map((part): Line => [{ text: part }])),
    ...evidenceLines(wait, width),
  ];
}

const KEYS: readonly (readonly [string, string])[] = [
  ["j k ↓ ↑", "move; space and b, page up and down: a page"],
  ["g G", "first, last"],
  ["enter", "details"],
  ["l", "the end of its log; of a pull request, what its failed jobs wrote"],
  ["o", "open in the browser: the job that failed, else its page"],
  ["w", "why it is not merged: asks GitHub whose move it is"],
  ["d", "dismiss what ended (asks first)"],
  ["h", "what p9 would repair; h again does it, when it is trusted"],
  ["/", "filter by words; Esc ends it"],
  ["?", "this"],
  ["q Esc", "back; q quits the list, and so does Ctrl-C"],
  ["Ctrl-Z Ctrl-L", "suspend; draw anew"],
];

/** What the keys do. */
export const keysPane: Pane = {
  title: "Keys",
  subject: null,
  fromEnd: false,
  lines: (width) =>
    KEYS.flatMap(([key, does]): readonly Line[] => {
      if (width < 40) return [[{ text: key, tone: "strong" }], ...wrap(does, width).map((text): Line => [{ text }])];
      return wrap(does, width - 16).map(
        (text, at): Line => [{ text: (at === 0 ? key : "").padEnd(16), tone: "strong" }, { text }],
      );
    }),
};

/** What a command prints, as it comes. */
export class OutputPane implements Pane {
  readonly title: string;
  readonly subject: Subject;
  readonly fromEnd: boolean;
  /** What is said below the output once the command has ended. */
  after: string | null = null;
  #text = "";
  #isOver = false;

  /** `first`: which end of it is shown first, and kept of one that is too long. */
  constructor(title: string, subject: Subject, first: "start" | "end" = "end") {
    this.title = title;
    this.subject = subject;
    this.fromEnd = first === "end";
  }

  add(text: string): void {
    const all = this.#text + text;
    this.#text = this.fromEnd ? all.slice(-MAX_OUTPUT) : all.slice(0, MAX_OUTPUT);
  }

  end(after: string | null): void {
    this.#isOver = true;
    this.after = after;
  }

  /** The last line of the output, for a message. */
  get lastLine(): string {
    return this.#text.trimEnd().split("\n").at(-1) ?? "";
  }

  lines(width: number): readonly Line[] {
    const lines = this.#text
      .split("\n")
      .flatMap((line) => (line.trim() === "" ? [] : wrapIndented(line, width)))
      .map((text): Line => [{ text }]);
    if (!this.#isOver) return [...lines, [{ text: "… (q goes back, and it goes on)", tone: "dim" }]];
    return this.after === null ? lines : [...lines, [], [{ text: this.after, tone: "strong" }]];
  }
}

const MAX_OUTPUT = 256 << 10;
const MAX_LINE = 8 << 10;

function wrapIndented(line: string, width: number): readonly string[] {
  const indent = Math.min(8, line.length - line.trimStart().length);
  return wrap(line.slice(0, MAX_LINE), Math.max(4, width - indent)).map((part) => " ".repeat(indent) + part);
}
