import type { ServerResponse } from "node:http";

/** A reader who takes nothing for so long is gone. */
const STUCK_MS = 30_000;

/**
 * One page that is sent events as they come. For a page that reads slowly only the newest of what it has not read is held, so that it
 * costs one value and no more.
 */
export class EventStream {
  readonly #response: ServerResponse;
  #waiting: string | null = null;
  #isFull = false;
  #stuck: NodeJS.Timeout | null = null;

  /** `closed` is called once, when the page is gone. */
  constructor(response: ServerResponse, closed: () => void) {
    this.#response = response;
    response.on("drain", () => this.#drained());
    response.on("error", () => response.destroy());
    response.once("close", () => {
      if (this.#stuck) clearTimeout(this.#stuck);
      closed();
    });
  }

  /** Sends the text of a value that replaces all values before it. */
  value(text: string): void {
    if (this.#isFull) this.#waiting = text;
    else this.#write(text);
  }

  /** Sends what is of no use later. */
  passing(text: string): void {
    if (!this.#isFull) this.#write(text);
  }

  /** Sends a last text and ends. */
  end(text: string): void {
    this.#response.end(text);
  }

  #write(text: string): void {
    if (this.#response.destroyed || this.#response.writableEnded) return;
    this.#isFull = !this.#response.write(text);
    if (this.#isFull) this.#stuck ??= setTimeout(() => this.#response.destroy(), STUCK_MS);
  }

  #drained(): void {
    if (this.#stuck) clearTimeout(this.#stuck);
    this.#stuck = null;
    this.#isFull = false;
    const text = this.#waiting;
    this.#waiting = null;
    if (text !== null) this.#write(text);
  }
}
