/** What the model is still to hear, by session: what a client could not take at once is never dropped. */
export class Untold {
  readonly #texts = new Map<string, string[]>();

  keep(session: string, text: string | undefined): void {
    if (text) this.#texts.set(session, [...(this.#texts.get(session) ?? []), text]);
  }

  /** Takes it all, to be told now; null: nothing. */
  take(session: string): string | null {
    const texts = this.#texts.get(session) ?? [];
    this.#texts.delete(session);
    return texts.length === 0 ? null : texts.join("\n\n");
  }
}
