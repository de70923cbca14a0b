import { EXIT } from "./exit-codes.ts";

/** An error that the user sees as one line, with the exit code of its kind. Everything else is a bug and is thrown on. */
export class P9Error extends Error {
  readonly exitCode: number;
  /** What to do next: one command or sentence, shown on a second line. */
  readonly hint: string | undefined;

  constructor(message: string, exitCode: number, options?: ErrorOptions & { readonly hint?: string }) {
    super(message, options);
    this.name = new.target.name;
    this.exitCode = exitCode;
    this.hint = options?.hint;
  }
}

/** Something may work on the next try: exit 1. */
export class DegradedError extends P9Error {
  constructor(message: string, options?: ErrorOptions & { readonly hint?: string }) {
    super(message, EXIT.degraded, options);
  }
}

/** The branch has another head than the one that was repaired; the heal loop goes on with the new one. */
export class HeadMovedError extends DegradedError {}

/** The policy file is missing or malformed: exit 2. */
export class PolicyError extends P9Error {
  constructor(message: string, options?: ErrorOptions & { readonly hint?: string }) {
    super(message, EXIT.policy, options);
  }
}

/** The command line or a value on it is wrong: exit 3. */
export class UsageError extends P9Error {
  constructor(message: string, options?: ErrorOptions & { readonly hint?: string }) {
    super(message, EXIT.usage, options);
  }
}

/** A program or service that p9 needs failed: exit 4. */
export class ExternalError extends P9Error {
  constructor(message: string, options?: ErrorOptions & { readonly hint?: string }) {
    super(message, EXIT.external, options);
  }
}

/** The ceiling of concurrent pull requests is reached: exit 5. */
export class CeilingError extends P9Error {
  constructor(message: string, options?: ErrorOptions & { readonly hint?: string }) {
    super(message, EXIT.ceiling, options);
  }
}

/** The heal lock could not be taken in time: exit 6. */
export class HealLockError extends P9Error {
  constructor(message: string, options?: ErrorOptions & { readonly hint?: string }) {
    super(message, EXIT.healLock, options);
  }
}

/** Policy or trust forbids it: exit 7. */
export class ForbiddenError extends P9Error {
  constructor(message: string, options?: ErrorOptions & { readonly hint?: string }) {
    super(message, EXIT.forbidden, options);
  }
}

/** An event could not be kept: exit 99. `events` are printed, so that nothing is lost silently. */
export class StateError extends P9Error {
  readonly events: readonly unknown[];

  constructor(message: string, events: readonly unknown[], options?: ErrorOptions & { readonly hint?: string }) {
    super(message, EXIT.stateLost, options);
    this.events = events;
  }
}

/** The text of whatever was thrown. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The `code` of a system error (`ENOENT`), or undefined. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
