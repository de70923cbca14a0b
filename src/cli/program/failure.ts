import { asciiJson } from "../../base/json.ts";
import { redact } from "../../base/redact.ts";
import { errorCode, P9Error, StateError } from "../../core/errors.ts";
import { EXIT } from "../../core/exit-codes.ts";
import type { Context } from "./context.ts";

/** Errors of the plugin contract, by name: a plugin may have loaded its own copy of the classes. */
const PLUGIN_ERRORS: Readonly<Record<string, number>> = {
  RefError: EXIT.usage,
  TrustError: EXIT.forbidden,
  ObservationError: EXIT.external,
  GitHubError: EXIT.external,
  UnavailableError: EXIT.external,
  LockTimeoutError: EXIT.stateLost,
};

/** Prints an error in one line (and what to do next), and returns the exit code. The one catch of the program. */
export function reportFailure(error: unknown, context: Pick<Context, "warn" | "stderr" | "env" | "home">): number {
  const usage = usageError(error);
  if (usage !== null) {
    if (usage) context.warn(usage);
    return usage ? EXIT.usage : EXIT.ok;
  }
  if (error instanceof StateError) {
    context.warn(error.message);
    for (const event of error.events) context.stderr(`${asciiJson(event)}\n`);
  } else if (error instanceof P9Error) {
    context.warn(error.message);
  } else if (error instanceof Error && Object.hasOwn(PLUGIN_ERRORS, error.name)) {
    context.warn(error.message);
    if (namesNothing(error)) return EXIT.usage;
    return PLUGIN_ERRORS[error.name] ?? EXIT.degraded;
  } else if (isAbout(error, context.home)) {
    context.warn(`Cannot keep state in "${context.home}": ${error.message}`);
    return EXIT.stateLost;
  } else {
    context.warn(`internal error: ${error instanceof Error ? error.message : String(error)}`);
    if (context.env.P9_DEBUG && error instanceof Error) context.stderr(`${redact(error.stack ?? "")}\n`);
    else context.stderr("  with P9_DEBUG=1 it shows where\n");
    return EXIT.degraded;
  }
  if (error.hint) context.stderr(`  ${redact(error.hint)}\n`);
  return error.exitCode;
}

/** Whether what was named is not there, a host or a pull request, so that a retry does not help. */
function namesNothing(error: Error): boolean {
  if (!("problem" in error)) return false;
  return (
    error.problem === "unknown-host" || (error.problem === "not-found" && "lasting" in error && error.lasting === true)
  );
}

/** Whether the system refused a file of the state directory. */
function isAbout(error: unknown, home: string): error is Error {
  return (
    error instanceof Error && "path" in error && String(error.path).startsWith(home) && errorCode(error) !== undefined
  );
}

/** The sentence of commander's refusal; "" when it only showed help or the version; null when the error is not commander's. */
function usageError(error: unknown): string | null {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return null;
  if (!error.code.startsWith("commander.")) return null;
  if (/^commander\.(helpDisplayed|version)$/.test(error.code)) return "";
  if (error.code === "commander.help") return "Which command? See the help above";
  const text = withLongForm(error.message)
    .replace(/^error: /, "")
    .replace(/\s*\n\s*/g, " ")
    .replaceAll("'", '"')
    .replace(/\.$/, "");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Abbreviations that people type, which are too short for the likeness that commander looks for. */
const LONG_FORM: Readonly<Record<string, string>> = { "--bg": "--background" };

function withLongForm(message: string): string {
  const [, flag = ""] = /^error: unknown option '(--\w+)'$/.exec(message) ?? [];
  return Object.hasOwn(LONG_FORM, flag) ? `${message} (Did you mean ${LONG_FORM[flag]}?)` : message;
}
