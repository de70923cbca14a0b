/** Bits per character of a text, by how often each character occurs in it. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
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
const SHORTEST = 32;
const LONGEST = 128;
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
  if (word.startsWith("AAAA") || !MADE.test(word)) return false;
  if ([/\d/g, /[a-z]/g, /[A-Z]/g].some((kind) => (word.match(kind)?.length ?? 0) < 4)) return false;
  return restlessness(word) >= 0.45 && entropy(word) >= 4.2;
}
