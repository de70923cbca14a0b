import type { ExecResult } from "../base/exec-types.ts";
import { redact } from "../base/redact.ts";
import { oneLine } from "../base/text.ts";
import type { FetchAnswer } from "../contract/context.ts";
import { ObservationError } from "../core/observation.ts";
import type { Provider } from "./describe/provider.ts";
import { firstText } from "./pointer.ts";
import { type Credentialed, credentialNames } from "./variables.ts";

/** Why a program could not be asked. */
export function programError(provider: Provider, argv: readonly string[], result: ExecResult): ObservationError {
  const name = oneLine(argv.slice(0, 2).join(" "), 60);
  const cannot = `Cannot ask ${provider.title}: `;
  if (result.notFound) {
    return new ObservationError(`${cannot}the program "${argv[0]}" does not exist`, {
      needs: `the program "${argv[0]}"`,
      lasting: true,
    });
  }
  if (result.timedOut) return new ObservationError(`${cannot}"${name}" did not end in time`);
  const said = oneLine(redact(result.stderr || result.stdout), 200);
  const refused = /unauthori[sz]ed|not logged in|log in|no access token|forbidden|E401|E403/i.test(said);
  return new ObservationError(`${cannot}"${name}" ended with ${result.code ?? result.signal}: ${said}`, {
    ...(refused ? { needs: `a login for "${argv[0]}"`, lasting: true } : {}),
  });
}

/** The error for an HTTP status that says nothing about the target. */
export function statusError(provider: Credentialed, answer: FetchAnswer, now: number): ObservationError {
  const retryAfterS = retryAfter(answer.headers, now);
  const said = messageIn(answer.body);
  const text = `${provider.title} answered HTTP ${answer.status}${said ? `: ${said}` : ""}`;
  if (answer.status === 429 || (answer.status === 403 && retryAfterS !== undefined)) {
    return new ObservationError(`${text} (rate limit)`, { retryAfterS: retryAfterS ?? 60 });
  }
  if (answer.status === 401 || answer.status === 403) {
    const names = credentialNames(provider)
      .map((name) => `"${name}"`)
      .join(" and ");
    return new ObservationError(text, {
      needs: `${names || "credentials"} that ${provider.title} accepts for this target`,
      lasting: true,
    });
  }
  return new ObservationError(text, retryAfterS === undefined ? {} : { retryAfterS });
}

/** Seconds of `retry-after` (a number or a date), else of a rate limit's reset. */
function retryAfter(headers: FetchAnswer["headers"], now: number): number | undefined {
  // Compare the service's times with its own clock.
  const date = Date.parse(headers.date ?? "");
  const at = Number.isFinite(date) ? date : now;
  const asked = headers["retry-after"]?.trim();
  if (asked && /^\d+(\.\d+)?$/.test(asked)) return Number(asked);
  const until = asked ? Date.parse(asked) : Number.NaN;
  if (Number.isFinite(until)) return Math.max(1, (until - at) / 1000);
  if (headers["x-ratelimit-remaining"] !== "0") return undefined;
  const reset = Number(headers["x-ratelimit-reset"]);
  return Number.isFinite(reset) && reset > 0 ? Math.max(1, reset - at / 1000) : undefined;
}

/** The message in an error's body, wherever vendors put it. */
function messageIn(body: string): string | undefined {
  try {
    const document: unknown = JSON.parse(body);
    const found = ["/message", "/error/message", "/errors/0/message", "/error", "/error/reason"].map((pointer) =>
      firstText(document, pointer),
    );
    const text = found.find((one) => one !== undefined);
    return text === undefined ? undefined : oneLine(redact(text), 160);
  } catch {
    return undefined;
  }
}

/** Why an answer is none (`errors` of GraphQL). */
export function problemError(provider: Provider, problem: string): ObservationError {
  const refused = /not authorized|unauthori[sz]ed|forbidden/i.test(problem);
  const needs = credentialNames(provider)
    .map((name) => `"${name}"`)
    .join(" or ");
  return new ObservationError(`${provider.title} answered: ${oneLine(redact(problem), 160)}`, {
    ...(refused && needs ? { needs: `${needs} that ${provider.title} accepts for this target`, lasting: true } : {}),
  });
}

/** Why nothing can be asked without a variable. */
export function missingCredential(provider: Credentialed, variable: string, why = "is not set"): ObservationError {
  return new ObservationError(`Cannot ask ${provider.title}: the variable "${variable}" ${why}`, {
    needs: `the variable "${variable}"`,
    lasting: true,
  });
}
