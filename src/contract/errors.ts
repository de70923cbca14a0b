/** The reference means nothing to this kind (no such pull request, nonsense): exit 3, one line. */
export class RefError extends Error {
  override readonly name = "RefError";
}

/** What a repository asks for is not trusted: exit 7, one line that says what to run. */
export class TrustError extends Error {
  override readonly name = "TrustError";
}

/** A queue source cannot be asked (no key, file unreadable, program missing): shown with its reason, never as "empty". */
export class UnavailableError extends Error {
  override readonly name = "UnavailableError";
}
