/** `n * log2(n)`, for the lengths that are looked at. */
const N_LOG_N = Float64Array.from({ length: 129 }, (_, n) => (n === 0 ? 0 : n * Math.log2(n)));
const counts = new Uint8Array(128);

/** Bits per character of a text of at most 128 characters, all of ASCII, by how often each character occurs in it. */
function entropy(text: string): number {
  counts.fill(0);
  for (let i = 0; i < text.length; i++) counts[text.charCodeAt(i) & 127] = (counts[text.charCodeAt(i) & 127] ?? 0) + 1;
  let sum = 0;
  for (const count of counts) sum += N_LOG_N[count] ?? 0;
  return Math.log2(text.length) - sum / text.length;
}

/** 0 other, 1 small letter, 2 capital, 3 digit. */
function kindOf(code: number): number {
  if (code >= 97 && code <= 122) return 1;
  if (code >= 65 && code <= 90) return 2;
  return code >= 48 && code <= 57 ? 3 : 0;
}

/** How often the kind of character (small, capital, digit) changes from one character to the next, between 0 and 1; words change it seldom. */
function restlessness(text: string): number {
  let changes = 0;
  for (let i = 1; i < text.length; i++) if (kindOf(text.charCodeAt(i)) !== kindOf(text.charCodeAt(i - 1))) changes += 1;
  return changes / (text.length - 1);
}

/** True for a word that a generator made, beside a name that hints at a secret: long, of letters and digits, or hexadecimal. */
export function looksMade(word: string): boolean {
  if (word.length < 16 || !/\d/.test(word) || !/[A-Za-z]/.test(word)) return false;
  if (!/^[\w+/.~:-]+={0,2}$/.test(word) || word.startsWith("0x")) return false;
  return restlessness(word.slice(0, 120)) >= 0.3 && entropy(word.slice(0, 120)) >= 3.2;
}

/** Characters that a made word or an address, a path, a checksum is written with: only a whole run of them is looked at. */
const INSIDE = new Uint8Array(128);
for (const char of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=_.@:~-")
  INSIDE[char.charCodeAt(0)] = 1;

/** Whether so many of these characters stand in a row somewhere. */
export function hasRun(text: string, length: number): boolean {
  for (let at = length - 1; at < text.length; at += length) {
    // A run of that length has one of these places in it.
    if (INSIDE[text.charCodeAt(at)] !== 1) continue;
    let from = at;
    while (from > 0 && INSIDE[text.charCodeAt(from - 1)] === 1 && at - from < length) from -= 1;
    let to = at + 1;
    while (to - from < length && INSIDE[text.charCodeAt(to)] === 1) to += 1;
    if (to - from >= length) return true;
  }
  return false;
}

const SHORTEST = 32;
const LONGEST = 128;
/** Keys of Mailgun: hexadecimal in three parts, which nothing else is. */
const MAILGUN = /^[a-f0-9]{32}-[a-f0-9]{8}-[a-f0-9]{8}$/;
const MADE = /^(?:[A-Za-z0-9_-]{32,128}|[A-Za-z0-9+/]{40})$/;

/** Words that only a generator makes: both cases and digits, mixed as no name is. Checksums in hexadecimal, ids and paths are none. */
export function randomWords(text: string): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  let start = 0;
  for (let at = 0; at <= text.length; at++) {
    if (at < text.length && INSIDE[text.charCodeAt(at)] === 1) continue;
    let end = at;
    if (end - start >= SHORTEST) while (end > start && ".:".includes(text[end - 1] ?? "")) end -= 1;
    if (end - start >= SHORTEST && end - start <= LONGEST && isRandom(text.slice(start, end)))
      found.push({ start, end });
    start = at + 1;
  }
  return found;
}

function isRandom(word: string): boolean {
  // What begins so is a public key of ssh.
  if (word.length === 50 && MAILGUN.test(word)) return true;
  if (word.startsWith("AAAA") || !MADE.test(word)) return false;
  return restlessness(word) >= 0.45 && hasEachKind(word, 4) && entropy(word) >= 4.2;
}

/** Whether small letters, capitals and digits all occur at least so many times. */
function hasEachKind(word: string, least: number): boolean {
  const kinds = [0, 0, 0, 0];
  for (let i = 0; i < word.length; i++) {
    const kind = kindOf(word.charCodeAt(i));
    kinds[kind] = (kinds[kind] ?? 0) + 1;
  }
  return kinds.slice(1).every((count) => count >= least);
}
