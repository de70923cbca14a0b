const UNITS: Record<string, number> = { "": 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3, T: 1024 ** 4 };

/**
 * Bytes of a size: a number of bytes, or one with a unit (`500`, `64K`, `500M`, `2GB`, `1.5 GiB`), each 1,024 times the one before.
 *
 * @throws {RangeError} naming the value when it is none.
 */
export function parseSize(text: string | number): number {
  const match = /^(\d+(?:\.\d+)?)\s*([KMGT]?)(?:i?B)?$/i.exec(String(text).trim());
  const bytes = match ? Number(match[1]) * (UNITS[(match[2] ?? "").toUpperCase()] ?? 1) : Number.NaN;
  if (!Number.isFinite(bytes))
    throw new RangeError(`Cannot read size "${text}": wanted bytes, or a number with K, M or G`);
  return Math.round(bytes);
}
