import { redact } from "../base/redact.ts";

/** Markup that is safe to put into a page as it is. */
export interface Html {
  readonly html: string;
}

/** Escapes text for an element or a quoted attribute, and removes control characters. */
function escapeHtml(text: string): string {
  return redact(text).replace(/[&<>"'`]/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** A template whose values are escaped, except for other {@link Html} and lists of it. */
export function html(
  parts: TemplateStringsArray,
  ...values: readonly (string | number | Html | readonly Html[])[]
): Html {
  return { html: parts.reduce((out, part, i) => out + render(values[i - 1]) + part) };
}

function render(value: string | number | Html | readonly Html[] | undefined): string {
  if (value === undefined) return "";
  if (typeof value === "string" || typeof value === "number") return escapeHtml(String(value));
  return "html" in value ? value.html : value.map((entry) => entry.html).join("");
}
