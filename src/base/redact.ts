import { Decoded, joined, type Readable, type Span } from "./secrets/decoded.ts";
import { headerSecrets } from "./secrets/headers.ts";
import { knownValues } from "./secrets/known.ts";
import { namedValues } from "./secrets/named-values.ts";
import { mayHoldSecret } from "./secrets/names.ts";
import { placedSecrets } from "./secrets/placed.ts";
import { privateKeys } from "./secrets/private-keys.ts";
import { programSecrets } from "./secrets/programs.ts";
import { randomWords } from "./secrets/random-text.ts";
import { vendorTokens } from "./secrets/vendor-tokens.ts";
import { rejoinedLines } from "./secrets/wrapped.ts";
import { stripControls } from "./text.ts";

const HIDDEN = "***";

/**
 * Text that leaves the process, without control characters and with `***` for what looks like a secret. Control characters go first,
 * so that nothing is joined afterwards which was split here; escapes are undone for looking only. Doing it twice changes nothing.
 *
 * @param text text of any size; cost is linear in it
 * @param known values that are secret whatever they look like (the tokens of the environment); shorter than 6 are left alone
 */
export function redact(text: string, known: Iterable<string> = []): string {
  const clean = stripControls(text);
  const decoded = new Decoded(clean);
  const read = [...secretsIn(decoded, known), ...(decoded.text === clean ? [] : brokenSecrets(decoded.text, known))];
  const spans = [...read.map((span) => decoded.source(span)), ...brokenSecrets(clean, known)];
  if (spans.length === 0) return clean;
  const parts: string[] = [];
  let done = 0;
  for (const { start, end, shown = HIDDEN } of joined(spans)) {
    parts.push(clean.slice(done, start), shown);
    done = end;
  }
  return parts.join("") + clean.slice(done);
}

function secretsIn(readable: Readable, known: Iterable<string>): Span[] {
  return [...namedSecrets(readable, known), ...randomWords(readable.text)];
}

/** Secrets known by more than their look. */
function namedSecrets(readable: Readable, known: Iterable<string>): Span[] {
  const { text } = readable;
  return [
    ...privateKeys(text),
    ...knownValues(text, known),
    ...vendorTokens(text),
    ...placedSecrets(text, text.toLowerCase()),
    ...headerSecrets(text),
    ...programSecrets(text),
    ...namedValues(readable),
  ];
}

/** What the edge of a screen broke in two; random words only beside others, since base64 in lines is made of nothing else. */
function brokenSecrets(text: string, known: Iterable<string>): Span[] {
  return rejoinedLines(text).flatMap(({ text: whole, hasSpaces, source }) => {
    const decoded = new Decoded(whole);
    const spans = (hasSpaces ? secretsIn : namedSecrets)(decoded, known);
    return spans.flatMap((span) => source(decoded.source(span)));
  });
}

/** Parts of names that open something although no value under them is secret itself (`SSH_AUTH_SOCK`). */
const DOOR = /token|secret|passw|api_?key|credential|private_?key|access_?key|auth|cookie|session_?key/i;

/** True when a variable of this name may hold a secret or the way to one, so that it is withheld from what others wrote. */
export function isSecretName(name: string): boolean {
  return DOOR.test(name) || mayHoldSecret(name);
}

/** The secret values of an environment, for `redact`'s second argument: those whose name says so, and passwords in addresses. */
export function secretValues(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(env).flatMap(([name, value = ""]) => {
    if (value.length >= 6 && mayHoldSecret(name)) return [value];
    const password = /^[a-z][a-z0-9+.-]*:\/\/[^\s:@/]*:([^\s@/]{6,})@/i.exec(value)?.[1];
    return password === undefined ? [] : [password];
  });
}

/**
 * Those of {@link secretValues} that a generator made, for texts in which a simple password (`postgres`) is a word that must stay.
 */
export function madeSecretValues(env: Readonly<Record<string, string | undefined>>): string[] {
  return secretValues(env).filter((value) => value.length >= 12 && /\d/.test(value));
}

/**
 * Outside text for a terminal, a report or a model: control characters removed (newline and tab kept), secrets hidden, clipped.
 * @param max characters kept; a clipped text ends in `…`
 */
export function safeText(text: string, max = 2_000): string {
  const cut = text.slice(0, max * 4 + 500);
  // The start of a secret that was cut need not look like one.
  const clean = redact(cut.length < text.length ? cut.replace(/\S{1,500}$/, "") : text);
  return clean.length > max ? `${clean.slice(0, max - 1)}…` : clean;
}
