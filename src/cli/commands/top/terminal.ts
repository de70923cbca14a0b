import { isatty } from "node:tty";
import { UsageError } from "../../../core/errors.ts";
import { hasShell } from "../../../process/job-control.ts";
import type { Context } from "../../program/context.ts";
import { type Key, KeyReader } from "./keys.ts";

/** Alternate screen, hidden cursor, lines that do not wrap, pasted text marked; and all of that taken back. */
const ENTER = "\u001b[?1049h\u001b[?25l\u001b[?7l\u001b[?2004h";
const LEAVE = "\u001b[0m\u001b[?2004l\u001b[?7h\u001b[?25h\u001b[?1049l";

/** What happens in a terminal. */
export interface TerminalEvents {
  key(key: Key): void;
  /** It has another size, or must be drawn anew. */
  changed(): void;
  /** A signal asks for the end, or the terminal is gone. */
  ended(why: "TERM" | "INT" | "HUP"): void;
  /** Something was thrown where nobody caught it. */
  failed(error: unknown): void;
}

/**
 * The terminal of a command that draws the whole screen. Whatever ends the process except KILL, the screen is as it was before: the
 * main screen, with its cursor, its modes and its keys.
 */
export class Terminal {
  readonly #out: (text: string) => void;
  readonly #events: TerminalEvents;
  readonly #keys: KeyReader;
  readonly #handlers: readonly (readonly [string, (...args: unknown[]) => void])[];
  #isEntered = false;
  #isOver = false;

  /** @throws {UsageError} where no whole screen can be drawn. */
  constructor(context: Context, events: TerminalEvents) {
    if (!context.isTTY || !isatty(0) || context.env.TERM === "dumb")
      throw new UsageError("Cannot draw without a terminal: p9 top --json says the same to programs");
    this.#out = context.stdout;
    this.#events = events;
    this.#keys = new KeyReader(events.key);
    this.#handlers = [
      ["SIGTERM", () => events.ended("TERM")],
      ["SIGINT", () => events.ended("INT")],
      ["SIGHUP", () => events.ended("HUP")],
      ["SIGWINCH", () => events.changed()],
      ["SIGTSTP", () => this.suspend()],
      ["SIGCONT", () => this.#resume()],
      ["uncaughtException", (error) => events.failed(error)],
      ["unhandledRejection", (error) => events.failed(error)],
      ["exit", () => this.#leave()],
    ];
  }

  size(): { readonly columns: number; readonly rows: number } {
    const { columns, rows } = process.stdout;
    return { columns: Math.max(1, columns || 80), rows: Math.max(1, rows || 24) };
  }

  /** Writes to the screen, while it is ours. */
  write(text: string): void {
    if (this.#isEntered) this.#send(text);
  }

  /** A terminal that is gone ends the view. */
  #send(text: string): void {
    try {
      this.#out(text);
    } catch {
      this.#events.ended("HUP");
    }
  }

  /** Takes the screen and the keys. */
  open(): void {
    // Before our own handler: Node learns a new size with the stream's.
    process.stdout.columns;
    for (const [name, handle] of this.#handlers) process.on(name, handle);
    process.stdin.setEncoding("utf8");
    process.stdin.on("data", this.#take);
    process.stdin.on("end", this.#gone);
    process.stdin.on("error", this.#gone);
    this.#enter();
  }

  /** Gives them back, for good. */
  close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#leave();
    process.stdin.off("data", this.#take);
    process.stdin.off("end", this.#gone);
    process.stdin.pause();
    for (const [name, handle] of this.#handlers) process.removeListener(name, handle);
  }

  /** Stops the process, as Ctrl-Z does where the terminal itself handles it; `fg` takes the screen again. */
  suspend(): void {
    if (this.#isOver || !hasShell()) return;
    this.#leave();
    process.kill(process.pid, "SIGSTOP");
  }

  readonly #take = (text: unknown): void => this.#keys.take(String(text));
  readonly #gone = (): void => this.#events.ended("HUP");

  #resume(): void {
    if (this.#isOver) return;
    this.#enter();
    this.#events.changed();
  }

  #enter(): void {
    if (this.#isEntered) return;
    this.#isEntered = true;
    this.#setRaw(true);
    this.#send(ENTER);
  }

  #leave(): void {
    if (!this.#isEntered) return;
    this.#isEntered = false;
    this.#send(LEAVE);
    this.#setRaw(false);
  }

  #setRaw(on: boolean): void {
    try {
      process.stdin.setRawMode(on);
    } catch {
      // The terminal is gone: its end is told by another event.
    }
  }
}
