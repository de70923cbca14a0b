import type { Span } from "./decoded.ts";
import { hiddenIn } from "./placed.ts";
import { hasRun } from "./random-text.ts";
import { PLACED, VENDORS, type VendorForm } from "./vendors.ts";

/** The shortest token is as long; most lines have no such run, and then the patterns need not be built. */
const SHORTEST = 15;
/** Built with the first text, since most processes redact none. */
let patterns:
  | { readonly anywhere: RegExp; readonly word: RegExp; readonly placed: readonly { mark: string; form: RegExp }[] }
  | undefined;

/** Tokens that are known by their form, whatever stands around them. */
export function vendorTokens(text: string): Span[] {
  if (!hasRun(text, SHORTEST)) return [];
  patterns ??= {
    anywhere: pattern(
      VENDORS.filter(({ word }) => !word),
      "",
    ),
    word: pattern(
      VENDORS.filter(({ word }) => word),
      "(?<![A-Za-z0-9])",
    ),
    placed: PLACED.map(({ mark, form }) => ({ mark, form: new RegExp(form, "g") })),
  };
  const spans: Span[] = [];
  for (const form of [patterns.anywhere, patterns.word]) {
    for (const { index, 0: token } of text.matchAll(form)) spans.push({ start: index, end: index + token.length });
  }
  const placed = patterns.placed.filter(({ mark }) => text.includes(mark));
  return [...spans, ...placed.flatMap(({ form }) => hiddenIn(text, form))];
}

function pattern(forms: readonly VendorForm[], before: string): RegExp {
  const source = forms.map(({ starts, rest }) => `(?:${starts.map(quoted).join("|")})${rest}`).join("|");
  return new RegExp(`${before}(?:${source})`, "g");
}

function quoted(text: string): string {
  return text.replace(/[.+*?^$()[\]{}|\\]/g, "\\$&");
}
