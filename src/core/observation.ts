/**
 * Looking failed; the target may be in any state. The engine backs off and looks again: an observation error is never a
 * result. Anything else that `look` throws is treated the same, and reported with the plugin's name.
 */
export class ObservationError extends Error {
  override readonly name: string = "ObservationError";
  /** Seconds that the service asked to wait (`retry-after`, a rate limit's reset). */
  readonly retryAfterS: number | undefined;
  /** What somebody must do before looking can work (`a token with checks:read`); shown by `status`. */
  readonly needs: string | undefined;
  /** Looking cannot work again by waiting (no permission, no such repository): a foreground watch exits 4 within a minute. */
  readonly lasting: boolean;

  constructor(
    message: string,
    options: ErrorOptions & {
      readonly retryAfterS?: number;
      readonly needs?: string;
      readonly lasting?: boolean;
    } = {},
  ) {
    super(message, options);
    this.retryAfterS = options.retryAfterS;
    this.needs = options.needs;
    this.lasting = options.lasting ?? false;
  }
}

/** `error` if it is an {@link ObservationError} or a kind of it, of whichever copy of the class: plugins bring their own. */
export function asObservation(error: unknown): ObservationError | null {
  if (error instanceof ObservationError) return error;
  const alike =
    error instanceof Error && (error.name === "ObservationError" || ("lasting" in error && "needs" in error));
  return alike ? (error as Error & ObservationError) : null;
}
