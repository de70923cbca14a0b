import { Decoded, type Span } from "./decoded.ts";

const SHORTEST = 6;
/** Shorter parts of a line in base64 stand in texts that have nothing to do with the value. */
const SHORTEST_BASE64 = 10;

/** Forms of lists of values that are asked about again. */
const formsKnown = new WeakMap<Iterable<string>, ReadonlySet<string>>();

/** Where values stand that are known to be secret, as they are, line by line, and in base64. */
export function knownValues(text: string, known: Iterable<string>): Span[] {
  const spans: Span[] = [];
  const forms = formsKnown.get(known) ?? formsOf(known);
  formsKnown.set(known, forms);
  for (const form of forms) {
    for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + form.length)) {
      spans.push({ start: at, end: at + form.length });
    }
  }
  return spans;
}

/** The forms in which known values may stand in a text whose escapes are undone. */
function formsOf(known: Iterable<string>): Set<string> {
  const forms = new Set<string>();
  for (const value of known) {
    const plain = value.trim();
    if (plain.length < SHORTEST) continue;
    forms.add(value).add(plain).add(new Decoded(plain).text);
    if (plain.includes("\n")) for (const line of plain.split(/\s*\n\s*/)) if (line.length >= 16) forms.add(line);
    for (const shift of [0, 1, 2]) for (const form of base64Of(plain, shift)) forms.add(form);
  }
  return new Set([...forms].filter((form) => form.length >= SHORTEST));
}

/** The part of the value's base64 that does not depend on what stands around it, when it begins `shift` bytes after a multiple of three. */
function base64Of(value: string, shift: number): string[] {
  const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(value, "utf8")]);
  const whole = bytes.toString("base64");
  const from = shift === 0 ? 0 : shift + 1;
  const to = Math.floor((bytes.length * 8) / 6);
  const core = whole.slice(from, to);
  if (core.length < SHORTEST_BASE64) return [];
  return [core, core.replaceAll("+", "-").replaceAll("/", "_")];
}
