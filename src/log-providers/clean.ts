import { Buffer } from "node:buffer";
import type { LogText } from "./describe/log-provider.ts";

/**
 * What services put into a log for their own pages and a terminal does not show: the times of Buildkite, hidden notes of Jenkins, the
 * marks of sections of GitLab and Travis. An escape sequence of this kind would take its line with it.
 */
const MARKS =
  /\u001b?_bk;t=\d{1,20}\u0007|\u001b_[^\u0007\u001b\n]{0,2000}(?:\u0007|\u001b\\)|\u001b\[8m[^\u001b\n]{0,20000}\u001b\[0m|(?:section_(?:start|end):\d{1,20}:[^\r\n\u001b]{0,200}|travis_(?:fold|time):(?:start|end):[^\r\n\u001b]{0,200})\r?(?:\u001b\[0?K)?/g;

/** Times that services put before each line, with what they name of a step or a node: AppVeyor and TeamCity, Zuul. */
const TIMES =
  /^(?:\[\d\d:\d\d:\d\d\](?:[A-Za-z ]?:)?[\t ]+(?:\[Step \d{1,3}\/\d{1,3}\] )?|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3,9} \| (?:[\w.-]{1,100} \| )?)/gm;

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " " };

/** A text of a service as plain lines. */
export function cleanText(text: string, form: LogText["form"]): string {
  const plain = form === "html" ? withoutTags(text) : text;
  return plain.replace(MARKS, "").replace(TIMES, "");
}

/** A line that is written as base64. */
export function fromBase64(line: string): string {
  return Buffer.from(line, "base64").toString("utf8");
}

function withoutTags(html: string): string {
  return html.replace(/<[^<>]{0,2000}>/g, "").replace(/&(#x?[0-9a-f]{1,6}|[a-z]{2,6});/gi, (whole, name: string) => {
    if (!name.startsWith("#")) return ENTITIES[name.toLowerCase()] ?? whole;
    const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
