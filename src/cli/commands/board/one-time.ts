import { randomBytes } from "node:crypto";

/**
 * A code that opens the board once. A browser is started with its address on its command line, which every user of the machine can
 * read: the token must not stand there.
 */
export class OneTimeCode {
  #code: string | null = null;

  /** A new code; the one before is of no use any more. */
  make(): string {
    this.#code = randomBytes(32).toString("base64url");
    return this.#code;
  }

  /** Whether this is the code; it is of no use afterwards. */
  take(code: string): boolean {
    if (this.#code === null || code !== this.#code) return false;
    this.#code = null;
    return true;
  }
}
