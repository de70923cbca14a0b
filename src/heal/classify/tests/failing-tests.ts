import type { Lines } from "../line-index.ts";
import { isClosing } from "../read/verdicts.ts";
import type { Naming } from "./runner.ts";
import { NAMINGS } from "./table.ts";

/** A test that a runner reported as failed. */
export interface FailingTest {
  readonly runner: string;
  readonly name: string;
  /** The line that names it. */
  readonly at: number;
  /** That line, with the deeper lines that belong to the name. */
  readonly text: string;
  /** Lines of the failure's own text that a reader needs, the first assertion or exception first. */
  readonly says: readonly number[];
  /** Only its shape says that it is a test. */
  readonly weak: boolean;
}

interface Named {
  readonly naming: Naming;
  readonly rank: number;
  readonly name: string;
  readonly at: number;
  readonly text: string;
}

/** Lines of a failure's text that are looked at, below its name and above it. */
const BELOW = 80;
const ABOVE = 200;
const MAX_SAYS = 6;

/** The failing tests that the runners named in a step's output, in the order in which their failures were told. */
export function failingTests(texts: readonly string[], index: Lines): FailingTest[] {
  const named = namedTests(texts, index);
  const starts = new Set(named.filter(({ naming }) => !naming.listed).map(({ at }) => at));
  const byKey = new Map<string, Named[]>();
  for (const one of named) {
    const key = keyOf(one.name);
    const list = byKey.get(key);
    if (list) list.push(one);
    else byKey.set(key, [one]);
  }
  const found = [...byKey.values()].map((list) => {
    const shown = list.reduce((best, one) => (one.rank < best.rank ? one : best));
    const blocks = list.filter(({ naming }) => !naming.listed);
    const texted = blocks.map((block) => ({ at: block.at, says: saysOf(block, texts, starts) }));
    const told = texted.reduce(
      (best, one) => (one.says.length > best.says.length ? one : best),
      texted[0] ?? { at: shown.at, says: [] },
    );
    const { says } = told;
    const weak = list.every(({ naming, text, at }) => naming.weak === true && !(text !== texts[at] && says.length > 0));
    const order = told.at;
    return {
      order,
      test: { runner: shown.naming.runner, name: shown.name, at: shown.at, text: shown.text, says, weak },
    };
  });
  return found.sort((a, b) => a.order - b.order).map(({ test }) => test);
}

function namedTests(texts: readonly string[], index: Lines): Named[] {
  const taken = new Map<number, Named>();
  NAMINGS.forEach((naming, rank) => {
    for (const at of index.linesWith(naming.find, naming.name)) {
      if (taken.has(at) || !fits(naming, at, texts)) continue;
      const text = texts[at]!;
      const groups = naming.name.exec(text)?.slice(1) ?? [];
      const name = (groups.find((group) => group !== undefined) ?? text).trim();
      const more = naming.joins ? joined(texts, at) : "";
      taken.set(at, {
        naming,
        rank,
        at,
        name: more ? `${name} ${more}` : name,
        text: more ? `${text.trim()} ${more}` : text,
      });
    }
  });
  return [...taken.values()].sort((a, b) => a.at - b.at);
}

function fits({ below, above }: Naming, at: number, texts: readonly string[]): boolean {
  if (below && !below.test(texts[at - 1] ?? "")) return false;
  return !above || [0, 1, 2, 3].some((more) => above.test(texts[at + more] ?? ""));
}

/** The deeper lines below a name, up to the one that ends it with a colon. */
function joined(texts: readonly string[], at: number): string {
  const more: string[] = [];
  for (let line = at + 1; line <= at + 5; line++) {
    const text = texts[line] ?? "";
    if (!/^\s{4,}\S/.test(text)) break;
    more.push(text.trim());
    if (text.endsWith(":")) return more.join(" ").slice(0, -1);
  }
  return "";
}

/** What tells two tests apart however they are written: the last part of the name, without its class, place and time. */
function keyOf(name: string): string {
  const bare = name
    .replace(/ - .{0,300}$/, "")
    .replace(/^\[[\w ]{1,40}\] › /, "")
    .replace(/\s*\(?\d+(?:\.\d+)? ?m?s\)?$/, "")
    .trim();
  const method =
    /^([\w$]+)\([\w.$ ]+\)/.exec(bare) ??
    /^[\w$.\\]*[.#:]([A-Za-z_]\w*)(?:\[.{1,80}\])?(?::\d+.{0,300})?(?: ».{0,300})?$/.exec(bare);
  const last = method?.[1] ?? bare.split(/ [›>] |::/).at(-1) ?? bare;
  return last.replace(/[\s:()]+$/, "").toLowerCase();
}

const STACK =
  /^\s*(?:at |File "|#\d+ |from |in |\^|~|\d{1,6}\s?\||[-=_─━⎯*.]{3,}\s*$|stack backtrace|note: run with|Traceback \(most recent)/;
const RAISED =
  /^\W{0,6}(?:\[\w+\]\s+)?(?:E\s+)?(?:Caused by: )?(?:[\w$]+(?:\.|::|\\)){0,12}[\w$]*(?:Error|Exception|Failure|Fault|Panic)\b|[Aa]ssert|panicked at|^\W{0,24}(?:expected|Expected)\b|\b(?:timed out|Timeout)\b|\bmismatch/;
const PAIR =
  /^\W{0,24}(?:E\s+)?(?:\[\w+\]\s+)?(?:expected|actual|received|got|want|wanted|found|left|right|but was|but got|where|evaluated|expression|caused by|message|reason|error)\b/i;

/** The first assertion or exception of a failure, and what is compared there. */
function saysOf({ naming, at, name }: Named, texts: readonly string[], starts: ReadonlySet<number>): number[] {
  const below = blockBelow(naming, at, texts, starts);
  const { since, says } = naming;
  const above = since ? blockAbove(since, at, name, texts) : [];
  const has = (lines: readonly number[]): boolean => lines.some((line) => says?.test(texts[line]!) === true);
  if (!has(below) && has(above)) return firstSays(naming, above, texts);
  const found = firstSays(naming, below, texts);
  if (found.length > 0) return found;
  return since ? firstSays(naming, above, texts) : below.filter((line) => !STACK.test(texts[line]!)).slice(0, 1);
}

function firstSays(naming: Naming, lines: readonly number[], texts: readonly string[]): number[] {
  const own = naming.says;
  const first =
    (own ? lines.find((line) => own.test(texts[line]!)) : undefined) ??
    lines.find((line) => RAISED.test(texts[line]!) && !STACK.test(texts[line]!)) ??
    (naming.since ? undefined : lines.find((line) => !STACK.test(texts[line]!)));
  if (first === undefined) return [];
  const later = lines.filter((line) => line > first && line <= first + 24);
  const next = /:$/.test(texts[first]!) ? later.slice(0, 1) : [];
  const pairs = later.filter((line) => PAIR.test(texts[line]!) || own?.test(texts[line]!));
  return [...new Set([first, ...next, ...pairs])].slice(0, MAX_SAYS);
}

function blockBelow(naming: Naming, at: number, texts: readonly string[], starts: ReadonlySet<number>): number[] {
  const lines: number[] = [];
  for (let line = at + 1; line < texts.length && line <= at + BELOW; line++) {
    const text = texts[line]!;
    if (starts.has(line)) break;
    if (naming.end?.test(text) && (lines.length > 0 || text !== "")) break;
    if (isClosing(text)) break;
    if (text.trim() !== "") lines.push(line);
  }
  return lines;
}

function blockAbove(since: RegExp, at: number, name: string, texts: readonly string[]): number[] {
  const lines: number[] = [];
  const word = /\S{1,300}\.feature:\d+/.exec(name)?.[0] ?? name.split(/[ (]/)[0] ?? name;
  for (let line = at - 1; line >= 0 && line >= at - ABOVE; line--) {
    const text = texts[line]!;
    if (since.test(text)) {
      if (text.includes(word) || !/[A-Za-z]/.test(word)) break;
      continue;
    }
    if (text.trim() !== "") lines.push(line);
  }
  return lines.reverse();
}
