/**
 * Secrets that reach text which p9 keeps or sends: log tails, reports, tickets, notifications.
 * Every pattern is linear: a literal prefix, then one character class without alternatives.
 */
const TOKENS: readonly RegExp[] = [
  /\bgh[pousr]_[A-Za-z0-9]{20,255}/g,
  /\bgithub_pat_[A-Za-z0-9_]{20,255}/g,
  /\bglpat-[A-Za-z0-9_-]{16,64}/g,
  /\bnpm_[A-Za-z0-9]{30,64}/g,
  /\bpypi-[A-Za-z0-9_-]{40,255}/g,
  /\bxox[abeoprs]-[A-Za-z0-9-]{10,255}/g,
  /\blin_(?:api|oauth)_[A-Za-z0-9]{16,128}/g,
  /\bsk-[A-Za-z0-9_-]{20,255}/g,
  /\b[sr]k_(?:live|test)_[A-Za-z0-9]{16,255}/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\bAIza[A-Za-z0-9_-]{35}/g,
  /\bya29\.[A-Za-z0-9_-]{20,512}/g,
  /\bdop_v1_[a-f0-9]{32,128}/g,
  /\bdckr_pat_[A-Za-z0-9_-]{16,64}/g,
  /\bhf_[A-Za-z0-9]{30,64}/g,
  /\bSG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,64}/g,
  /\bhttps:\/\/hooks\.slack\.com\/services\/[A-Za-z0-9/_-]{10,128}/g,
  /\beyJ[A-Za-z0-9_-]{8,2000}\.[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{8,1000}/g,
  /\bAGE-SECRET-KEY-1[A-Z0-9]{50,64}/g,
];

/** `name=value` and `name: value` where the name says that the value is secret. */
const NAMED =
  /\b((?:[A-Za-z0-9]{1,40}[_.-]){0,6}(?:password|passwd|secret|token|api[_-]?key|apikey|access[_-]?key|private[_-]?key|credentials?|auth))(["']?\s{0,4}[=:]\s{0,4}["']?)([^\s"'&,;]{4,512})/gi;
const BEARER =
  /\b((?:proxy-)?authorization["']?\s{0,4}[:=]\s{0,4}["']?(?:basic|bearer|token)\s{1,4})([^\s"',;]{4,4096})/gi;
const USERINFO = /\b([a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/]{0,128}:)([^\s@/]{1,512})(@)/gi;
const KEY_BLOCK =
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[A-Za-z0-9+/=\s]{0,16384}(?:-----END [A-Z ]{0,40}PRIVATE KEY-----)?/g;
const HIDDEN = "***";
/** Placeholder values that are not masked, because masking would hide the cause. */
const HARMLESS =
  /^(?:\*+|true|false|null|none|undefined|missing|required|not|is|was|invalid|expired|empty|\$[{(A-Za-z_].*|<.*|\{\{.*|\{env:\w{1,64}\??\})$/i;

/**
 * Replaces what looks like a secret by `***`.
 * @param text text of any size; cost is linear in it
 * @param known values that are secret whatever they look like (the tokens of the environment); shorter than 6 are left alone
 */
export function redact(text: string, known: Iterable<string> = []): string {
  let out = text;
  for (const value of known) if (value.length >= 6 && out.includes(value)) out = out.split(value).join(HIDDEN);
  if (out.includes("PRIVATE KEY-----")) out = out.replace(KEY_BLOCK, "-----PRIVATE KEY *** -----");
  for (const pattern of TOKENS) out = out.replace(pattern, HIDDEN);
  if (out.includes("://")) out = out.replace(USERINFO, `$1${HIDDEN}$3`);
  // `{env:NAME}` of a provider's description is a variable's name, which must stay visible when trust is asked for.
  out = out.replace(BEARER, (all, head: string, value: string) =>
    /^\{env:\w{1,64}\??\}$/.test(value) ? all : `${head}${HIDDEN}`,
  );
  return out.replace(NAMED, (all, name: string, sign: string, value: string) =>
    HARMLESS.test(value) || /^(?:basic|bearer|token)$/i.test(value) ? all : `${name}${sign}${HIDDEN}`,
  );
}

const SECRET_NAME = /token|secret|passw|api_?key|apikey|credential|private_?key|access_?key|auth|cookie|session_?key/i;

/** True when a variable of this name is expected to hold a secret. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** The secret values of an environment, for `redact`'s second argument. */
export function secretValues(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(env).flatMap(([name, value]) =>
    value !== undefined && value.length >= 6 && isSecretName(name) ? [value] : [],
  );
}

/**
 * Outside text for a terminal, a report or a model: control characters removed (newline and tab kept), secrets hidden, clipped.
 * @param max characters kept; a clipped text ends in `…`
 */
export function safeText(text: string, max = 2_000): string {
  const clean = redact(text.slice(0, max * 4))
    .replace(/\u001b\[[0-9;?]{0,32}[A-Za-z]/g, "")
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g, "");
  return clean.length > max ? `${clean.slice(0, max - 1)}…` : clean;
}
