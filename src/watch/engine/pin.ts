import { isObject, type JsonObject } from "../../base/json.ts";
import { redact } from "../../base/redact.ts";
import type { Pin } from "../../contract/wait-kind.ts";
import type { Wait } from "../../core/wait.ts";

/** A pin as the log keeps it. */
export function pinJson(pin: Pin): JsonObject {
  return Object.fromEntries(Object.entries(pin).filter(([, value]) => value !== undefined));
}

/**
 * The pin with a reference and a title that hold no secret, since they are the wait's name everywhere (a build's are its command
 * line). What is looked at, and what is run, is the identity.
 */
export function namedSafely(pin: Pin): Pin {
  return { ...pin, ref: redact(pin.ref), ...(pin.title === undefined ? {} : { title: redact(pin.title) }) };
}

/** The pin of a wait as its kind wrote it. */
export function pinOf(wait: Wait): Pin {
  const pin: unknown = wait.extra.pin;
  const identity = isObject(pin) && isObject(pin.identity) ? pin.identity : {};
  const base = isObject(pin) ? (pin as Partial<Pin>) : {};
  // Rows of the Python p9 know only their pull request, which is pinned at the first look.
  const unknown = pin === undefined && wait.pr !== null;
  return {
    complete: !unknown,
    ...base,
    ref: wait.ref,
    key: wait.extra.key ?? wait.ref,
    repo: wait.repo,
    pr: wait.pr,
    sha: wait.sha,
    prev_shas: wait.extra.prev_shas ?? [],
    identity: unknown ? { ref: String(wait.pr) } : (identity as Pin["identity"]),
  };
}
