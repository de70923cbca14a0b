/**
 * A quick 64-bit hash (FNV-1a with two different starts) as 16 hex digits. It tells one file from another by chance alone, not
 * against somebody who wants two to be equal; loading `node:crypto` would cost a cold start 2 ms.
 */
export function quickHash(pieces: readonly Uint8Array[]): string {
  let a = 0x811c9dc5;
  let b = 0xcbf29ce4;
  for (const piece of pieces) {
    for (const byte of piece) {
      a = Math.imul(a ^ byte, 0x01000193);
      b = Math.imul(b ^ (byte + 0x9e), 0x01000193);
    }
  }
  return [a, b].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
}
