/** Bits per character of a text, by how often each character occurs in it. */
export function entropy(text: string): number {
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

const WORD = /(?<![A-Za-z0-9+/=_.@:~-])[A-Za-z0-9_-]{32,128}(?![A-Za-z0-9+/=_.@-])|(?<![A-Za-z0-9+/=_.-])[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=_.-])/g;

/** Words that only a generator makes: both cases and digits, mixed as no name is. Checksums in hexadecimal, ids and paths are none. */
export function* randomWords(text: string): Generator<{ start: number; end: number }> {
  for (const { 0: word, index } of text.matchAll(WORD)) {
    // The keys that ssh makes public begin with the length of their type's name.
    if (word.startsWith("AAAA") || [/\d/g, /[a-z]/g, /[A-Z]/g].some((kind) => (word.match(kind)?.length ?? 0) < 4)) continue;
    if ( restlessness(word) < 0.45 || entropy(word) < 4.2) continue;
    yield { start: index, end: index + word.length };
  }
}
