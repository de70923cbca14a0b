import { oneLine } from "../../../base/text.ts";
import { isRunning } from "../../../core/states.ts";
import type { ShownWait } from "../../../show/shown-wait.ts";
import type { Situation } from "../../../show/situation.ts";
import type { Line, Span } from "./cells.ts";
import { footer, header, moreText, nothingYet, wholeHints } from "./draw.ts";
import type { Frame } from "./frame.ts";
import type { Key } from "./keys.ts";
import { detailsPane, keysPane, logPane, type Pane } from "./pane.ts";
import { type Row, rowsOf, type Subject } from "./rows.ts";

/** What the keys ask of the rest of the program. */
export interface Acts {
  quit(): void;
  suspend(): void;
  redraw(): void;
  open(wait: ShownWait): void;
  why(wait: ShownWait): void;
  logs(wait: ShownWait): void;
  dismiss(wait: ShownWait): void;
  /** First what would be done, then it is done. */
  heal(wait: ShownWait): void;
}

/** Offered where it can do something. */
const HEAL = "h heal";

/** The first of them stay where there is no room for all. */
const HINTS = [
  "q quit",
  "? keys",
  "enter details",
  "l log",
  "o open",
  "w why",
  "d dismiss",
  HEAL,
  "/ filter",
  "j/k move",
];
const PANE_HINTS = ["q back", "j/k scroll", "l log", "o open", "w why", "d dismiss", HEAL];

/** What is on the screen: the list or a pane over it, where one is in them, and what the keys do there. */
export class Screen {
  readonly #acts: Acts;
  #situation: Situation;
  #rows: readonly Row[] = [];
  /** Row that is selected, and its place when it was last there. */
  #selected: string | null = null;
  #place = 0;
  #top = 0;
  #page = 10;
  #filter = "";
  #isTyping = false;
  #pane: Pane | null = null;
  #paneTop: number | null = null;
  #paneLines = 0;
  #message: Span | null = null;
  /** The wait that a second `d` dismisses. */
  #armed: string | null = null;

  constructor(situation: Situation, acts: Acts) {
    this.#situation = situation;
    this.#acts = acts;
  }

  set situation(now: Situation) {
    this.#situation = now;
  }

  get pane(): Pane | null {
    return this.#pane;
  }

  say(text: string, tone: Span["tone"] = "plain"): void {
    this.#message = { text: oneLine(text, 500), tone };
  }

  show(pane: Pane): void {
    this.#pane = pane;
    this.#paneTop = null;
  }

  /** Closes a pane, if it is the one that is shown. */
  close(pane: Pane): void {
    if (this.#pane === pane) this.#pane = null;
  }

  /** What a key does. */
  key(key: Key) {
    if (key === "ctrl-c") return this.#acts.quit();
    if (key === "ctrl-z") return this.#acts.suspend();
    if (key === "ctrl-l") return this.#acts.redraw();
    if (this.#isTyping) return this.#type(key);
    // Pasted text is no command.
    if (typeof key !== "string") return;
    this.#message = null;
    if (key !== "d") this.#armed = null;
    if (this.#pane ? this.#scroll(key) : this.#move(key)) return;
    this.#act(key);
  }

  /** The whole picture. */
  frame({ columns, rows }: { readonly columns: number; readonly rows: number }, now: number): Frame {
    this.#rows = rowsOf(this.#situation, this.#filter);
    const hasFooter = rows >= 3;
    this.#page = Math.max(1, rows - (hasFooter ? 2 : 1));
    this.#follow();
    const { lines, selected, more } = this.#pane
      ? this.#drawPane(this.#pane, columns, now)
      : this.#drawList(columns, now);
    const blank = Array.from({ length: Math.max(0, this.#page - lines.length) }, (): Line => []);
    const top = header(this.#situation, this.#pane?.title ?? null, columns, now);
    const bottom = hasFooter
      ? [footer(this.#footText(columns - (more === "" ? 0 : more.length + 2)), more, columns)]
      : [];
    const all = [top, ...lines, ...blank, ...bottom].slice(0, rows);
    return { lines: all, selected: selected === null ? null : selected + 1 };
  }

  #footText(room: number): Span {
    if (this.#isTyping) return { text: `/${this.#filter}█` };
    if (this.#message) return this.#message;
    if (this.#filter !== "" && !this.#pane) return { text: `/${this.#filter}  (Esc shows all)`, tone: "dim" };
    const subject = this.#subject();
    const wait = subject && "wait" in subject ? subject.wait : null;
    const hints = this.#pane ? PANE_HINTS : HINTS;
    return {
      text: wholeHints(wait && !canHeal(wait) ? hints.filter((hint) => hint !== HEAL) : hints, room),
      tone: "dim",
    };
  }

  #drawList(columns: number, now: number) {
    const isEmpty = this.#rows.length === 0;
    if (isEmpty && this.#filter !== "") {
      return { lines: [[{ text: "Nothing has these words in it" }]] as Line[], selected: null, more: "" };
    }
    if (isEmpty) return { lines: nothingYet().slice(0, this.#page), selected: null, more: "" };
    const end = Math.min(this.#rows.length, this.#top + this.#page);
    const shown = this.#rows.slice(this.#top, end);
    const lines = shown.map((row): Line => {
      if (row.key === null) return row.draw(columns, now);
      const mark = row.key === this.#selected ? "▸ " : "  ";
      return [{ text: columns < 30 ? mark.slice(0, 1) : mark }, ...row.draw(columns - (columns < 30 ? 1 : 2), now)];
    });
    const at = shown.findIndex(({ key }) => key !== null && key === this.#selected);
    const hidden = (rows: readonly Row[]) => rows.filter(({ key }) => key !== null).length;
    const more = moreText(hidden(this.#rows.slice(0, this.#top)), hidden(this.#rows.slice(end)), columns < 60);
    return { lines, selected: at < 0 ? null : at, more };
  }

  #drawPane(pane: Pane, columns: number, now: number) {
    const lines = pane.lines(columns, now);
    this.#paneLines = lines.length;
    const last = Math.max(0, lines.length - this.#page);
    const top = Math.min(last, this.#paneTop ?? (pane.fromEnd ? last : 0));
    // At the end it goes on with what is added.
    this.#paneTop = pane.fromEnd && top === last ? null : top;
    const below = Math.max(0, lines.length - top - this.#page);
    return { lines: lines.slice(top, top + this.#page), selected: null, more: moreText(top, below, columns < 60) };
  }

  /** Keeps the same thing selected where it still is, and in sight. */
  #follow(): void {
    const rows = this.#rows;
    const at = rows.findIndex(({ key }) => key !== null && key === this.#selected);
    this.#place = at >= 0 ? at : nearest(rows, this.#place);
    this.#selected = rows[this.#place]?.key ?? null;
    if (this.#place < this.#top) this.#top = this.#place;
    if (this.#place >= this.#top + this.#page) this.#top = this.#place - this.#page + 1;
    this.#top = Math.max(0, Math.min(this.#top, rows.length - this.#page));
    // The heading above the first row is part of it.
    if (this.#place === 1 && this.#page > 1) this.#top = 0;
  }

  #move(key: string): boolean {
    const places = this.#rows.flatMap((row, place) => (row.key === null ? [] : [place]));
    const at = places.indexOf(this.#place);
    const to = moved(key, at, places.length - 1, this.#page);
    if (to === null) return false;
    this.#place = places[to] ?? this.#place;
    this.#selected = this.#rows[this.#place]?.key ?? null;
    return true;
  }

  #scroll(key: string): boolean {
    if (key === "q" || key === "escape" || key === "left" || key === "backspace") {
      this.#pane = null;
      return true;
    }
    const last = Math.max(0, this.#paneLines - this.#page);
    const to = moved(key, this.#paneTop ?? (this.#pane?.fromEnd ? last : 0), last, this.#page);
    if (to !== null) this.#paneTop = to;
    return to !== null;
  }

  #act(key: string) {
    if (key === "q") return this.#acts.quit();
    if (key === "?") return this.show(keysPane);
    if (key === "/" && !this.#pane) {
      this.#isTyping = true;
      return;
    }
    if (key === "escape") {
      this.#filter = "";
      return;
    }
    const subject = this.#subject();
    if (!subject) return;
    const wait = "wait" in subject ? subject.wait : null;
    if ((key === "enter" || key === "right") && !this.#pane) return this.show(this.#details(subject));
    if (!"lowdh".includes(key)) return;
    if (!wait) return this.say("That is for waits", "warn");
    if (key === "l") return this.#log(wait);
    if (key === "o") return this.#acts.open(wait);
    if (key === "w") return this.#why(wait, subject);
    if (key === "h") return this.#heal(wait);
    this.#dismiss(wait);
  }

  /** The details of what is selected, as it is at every moment; of what is gone, as it was last. */
  #details(subject: Subject): Pane {
    const key = this.#selected;
    let last = subject;
    return detailsPane(subject, () => {
      last = this.#rows.find((row) => row.key === key)?.subject ?? last;
      return last;
    });
  }

  /** What the keys act on: the subject of the pane as it is now, or the selected row. */
  #subject(): Subject | null {
    const over = this.#pane?.subject;
    if (!over) return this.#pane ? null : (this.#rows[this.#place]?.subject ?? null);
    const id = "wait" in over ? over.wait?.wait_id : undefined;
    const now = [...this.#situation.waits, ...this.#situation.ready].find(({ wait_id }) => wait_id === id);
    return now ? { wait: now } : over;
  }

  /** A log that lies here is shown as it grows; those of jobs are asked for. */
  #log(wait: ShownWait) {
    if (wait.log === null && wait.is_pull_request && wait.pr !== null) return this.#acts.logs(wait);
    this.show(logPane(wait));
  }

  #why(wait: ShownWait, subject: Subject) {
    if (isAbout(wait)) return this.#acts.why(wait);
    if (!this.#pane) this.show(this.#details(subject));
    this.say(wait.reason || wait.move.what);
  }

  #heal(wait: ShownWait) {
    if (!canHeal(wait)) return this.say("p9 repairs the checks of pull requests only", "warn");
    if (isRunning(wait.state)) return this.say("It still runs: there is nothing to repair yet", "warn");
    this.#acts.heal(wait);
  }

  #dismiss(wait: ShownWait) {
    if (isRunning(wait.state)) {
      return this.say(`It is still watched: p9 abandon ${wait.wait_id} ends it`, "warn");
    }
    if (this.#armed === wait.wait_id) {
      this.#armed = null;
      return this.#acts.dismiss(wait);
    }
    this.#armed = wait.wait_id;
    this.say(`Press d again to dismiss ${wait.name}`, "warn");
  }

  #type(key: Key): void {
    const before = this.#filter;
    this.#edit(key);
    const subject = this.#subject();
    // The keys act on waits: what a filter finds begins with them.
    if (this.#filter !== before && !(subject && "wait" in subject && subject.wait && !("told" in subject)))
      [this.#selected, this.#place] = [null, 0];
  }

  #edit(key: Key): void {
    if (typeof key !== "string") this.#filter += oneLine(key.pasted, 100);
    else if (key === "escape") [this.#filter, this.#isTyping] = ["", false];
    else if (key === "enter") this.#isTyping = false;
    else if (key === "ctrl-u") this.#filter = "";
    else if (key === "backspace") this.#filter = [...this.#filter].slice(0, -1).join("");
    else if ([...key].length === 1) this.#filter = (this.#filter + key).slice(0, 100);
  }
}

/** Whether a wait is a pull request, or is named by its number as that of its reviews is: whose move that is can be asked. */
function isAbout({ pr, name, is_pull_request }: ShownWait): boolean {
  return pr !== null && (is_pull_request || name.includes(` #${pr}`));
}

/** Whether a wait is one that p9 can repair. */
function canHeal({ is_pull_request, pr, repo }: ShownWait): boolean {
  return is_pull_request && pr !== null && repo !== null;
}

/** Where a key leads in a list from `at`, the last of which is `last`; null: it is no key for that. */
function moved(key: string, at: number, last: number, page: number): number | null {
  const to: Readonly<Record<string, number>> = {
    j: at + 1,
    down: at + 1,
    k: at - 1,
    up: at - 1,
    g: 0,
    home: 0,
    G: last,
    end: last,
    " ": at + page,
    pagedown: at + page,
    b: at - page,
    pageup: at - page,
  };
  const wanted = Object.hasOwn(to, key) ? to[key] : undefined;
  return wanted === undefined ? null : Math.max(0, Math.min(last, wanted));
}

/** The row that can be selected next to a place. */
function nearest(rows: readonly Row[], place: number): number {
  const before = rows.findLastIndex(({ key }, at) => key !== null && at <= place);
  return before >= 0
    ? before
    : Math.max(
        0,
        rows.findIndex(({ key }) => key !== null),
      );
}
