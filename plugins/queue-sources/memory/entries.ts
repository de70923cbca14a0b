/** A piece of a memory file that is flagged for follow-up. */
export interface Entry {
  readonly text: string;
  /** Line of the flag, from 1. */
  readonly line: number;
  /** When it was written (ms since the epoch): its own date, else the file's. */
  readonly at: number;
  /** Files of the same folder that it links to. */
  readonly links: readonly string[];
}

const FLAG = /\bneeds?[\s_-]+(?:a\s+)?follow[\s_-]?up\b|\bfollow[\s_-]?up\s+(?:is\s+)?(?:needed|required)\b/i;
const SETTLED =
  /\bno (?:longer|more)\b[^.]{0,20}\bfollow|\b(?:not|n't|nothing|none|never)\s+(?:\w+\s+)?needs?[\s_-]+follow|\bdoes(?: not|n't) need|~~[^~]*follow[\s_-]?up[^~]*~~|^\s*[-*]\s*\[[xX]\]|needs_follow_up:\s*(?:false|no)\b|\b(?:done|resolved|closed)\b:?\s*$/i;
const DATE = /\b(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::\d\d(?:\.\d+)?)?\s?(Z|[+-]\d\d:?\d\d)?)?/;

/** Flagged pieces of a memory file: list items with what is indented below them, paragraphs, or the whole file by its front matter. */
export function flaggedEntries(source: string, mtimeMs: number): readonly Entry[] {
  const { head, body, offset } = splitFrontMatter(source);
  const modified = dateIn(/^(?:modified|updated|date|created):\s*(.+)$/im.exec(head)?.[1] ?? "") ?? mtimeMs;
  if (FLAG.test(head) && !SETTLED.test(head)) {
    const name = /^(?:title|name):\s*["']?(.+?)["']?\s*$/im.exec(head)?.[1];
    const text = [name, body.trim().split(/\n\s*\n/)[0]].filter(Boolean).join(": ");
    return text ? [{ text: plain(text), line: 1, at: modified, links: [] }] : [];
  }
  const entries: Entry[] = [];
  let section = { date: null as number | null, flagged: false };
  for (const block of blocksOf(body)) {
    const flagged = FLAG.test(block.text) && !SETTLED.test(block.text);
    if (block.heading) section = { date: dateIn(block.text), flagged };
    if (!(flagged || (section.flagged && !block.heading && !SETTLED.test(block.text)))) continue;
    const text = plain(block.text);
    if (!text) continue;
    const links = [...block.text.matchAll(/\]\(([^)#\s]+\.md)\)/g)].map(([, link = ""]) => link.replace(/^\.\//, ""));
    entries.push({ text, line: offset + block.line, at: dateIn(block.text) ?? section.date ?? modified, links });
    // A flagged heading such as "### The cache is stale: needs follow-up" flags the lines below it.
    if (block.heading) section.flagged = false;
  }
  return entries;
}

interface Block {
  readonly text: string;
  /** From 1, within the body. */
  readonly line: number;
  readonly heading: boolean;
}

/** Headings, list items with what is indented below them, and paragraphs; a flagged heading with words of its own takes the next paragraph along. */
function blocksOf(body: string): readonly Block[] {
  const blocks: { lines: string[]; line: number; heading: boolean; open: boolean }[] = [];
  for (const [index, line] of body.split("\n").entries()) {
    const last = blocks.at(-1);
    const heading = /^#{1,6}\s/.test(line);
    const item = /^\s{0,3}(?:[-*+]|\d+[.)])\s/.test(line);
    if (line.trim() === "") {
      if (last && last.lines.length > 1) last.open = false;
      else if (last) last.open &&= last.heading;
    } else if (last?.open && !heading && !item) last.lines.push(line);
    else {
      const takesMore = !heading || (FLAG.test(line) && plain(line) !== "");
      blocks.push({ lines: [line], line: index + 1, heading, open: takesMore });
    }
  }
  return blocks.map(({ lines, line, heading }) => ({ text: lines.join("\n").trim(), line, heading }));
}

/** A date with a time is that moment; a bare date counts until its end. */
function dateIn(text: string): number | null {
  const match = DATE.exec(text);
  if (!match) return null;
  const [, day, time, zone] = match;
  const at = Date.parse(time ? `${day}T${time}${zone ?? "Z"}` : `${day}T23:59:59Z`);
  return Number.isNaN(at) ? null : at;
}

/** The words of an entry: without list marks, the flag itself, and Markdown around them. */
function plain(text: string): string {
  return text
    .replace(/^\s*(?:#{1,6}|[-*+]|\d+[.)])\s+(?:\[ \]\s*)?/gm, "")
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(
      /(?:[([{*_]+|[—–-]\s*)?\b(?:status:\s*)?needs?[\s_-]+(?:a\s+)?follow[\s_-]?up\b(?:[)\]}*_]+:?|\s*[:.—–]|(?=\s*$)|(?=\s*\())/gim,
      "",
    )
    .replace(/[*`]{1,2}(?=\S)|(?<=\S)[*`]{1,2}/g, "")
    .replace(/\s+/g, " ")
    .replace(/^[\s:—–-]+|[\s:—–-]+$/g, "")
    .trim();
}

function splitFrontMatter(source: string): { head: string; body: string; offset: number } {
  const match = /^---\r?\n([\s\S]*?)\r?\n---\r?\n?/.exec(source);
  if (!match) return { head: "", body: source, offset: 0 };
  const head = match[1] ?? "";
  return { head, body: source.slice(match[0].length), offset: match[0].split("\n").length - 1 };
}
