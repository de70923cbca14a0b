/** The kind cannot resolve the reference (no such pull request, no valid form): exit 3, one line. */
export class RefError extends Error {
  override readonly name = "RefError";
}

/** The user has not trusted what the repository names: exit 7, one line with the command to run. */
export class TrustError extends Error {
  override readonly name = "TrustError";
}

/** A queue source cannot be read (no key, file unreadable, program missing): shown with its reason, never as an empty list. */
export class UnavailableError extends Error {
  override readonly name = "UnavailableError";
  /** Nobody has set up here what the source reads (said only by `wait-queue list --discover`), or what the notifier tells (only by `doctor`). */
  readonly absent: boolean;

  constructor(message: string, { absent = false, ...options }: ErrorOptions & { readonly absent?: boolean } = {}) {
    super(message, options);
    this.absent = absent;
  }
}
