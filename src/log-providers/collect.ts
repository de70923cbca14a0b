import { oneLine } from "../base/text.ts";
import { ObservationError } from "../core/observation.ts";
import type { HttpRequest } from "../providers/describe/provider.ts";
import { holds } from "../providers/judge.ts";
import { first, firstText, reach } from "../providers/pointer.ts";
import { missingIn, type Values } from "../providers/template.ts";
import { cleanText, fromBase64 } from "./clean.ts";
import type { LogParts, LogText, NextPage } from "./describe/log-provider.ts";
import {
  ABSENT,
  askAnywhere,
  askDocument,
  askFurther,
  askText,
  MAX_KEPT,
  OF_LOG_DOCUMENT,
  type Server,
} from "./send.ts";

/** The text of one failed step or job. */
export interface Segment {
  readonly job: string | null;
  readonly step: string | null;
  readonly command: string | null;
  readonly exit: number | null;
  readonly text: string;
}

/** What was found, and what was in the way (sentences, each once). */
export interface Collected {
  readonly segments: readonly Segment[];
  readonly problems: readonly string[];
}

/** So many texts are read of one run: the first that failed. */
const MAX_SEGMENTS = 12;
/** Requests for one run, whatever its lists hold. */
const MAX_REQUESTS = 60;
const MAX_PAGES = 10;
/** A run whose texts come slower is left as it is then, in ms. */
const MAX_MS = 60_000;

type Names = Pick<Segment, "job" | "step" | "command" | "exit">;
const NOBODY: Names = { job: null, step: null, command: null, exit: null };

/** Reads the texts of what failed in a run. */
export async function collect(
  server: Server,
  parts: readonly LogParts[],
  document: unknown,
  values: Values,
): Promise<Collected> {
  const collector = new Collector(server);
  await collector.all(parts, document, values, NOBODY);
  return { segments: collector.segments, problems: [...collector.problems] };
}

class Collector {
  readonly segments: Segment[] = [];
  readonly problems = new Set<string>();
  readonly #server: Server;
  readonly #until: number;
  #asked = 0;
  /** So many texts were not the whole, and count as none. */
  #parted = 0;

  constructor(server: Server) {
    this.#server = server;
    this.#until = server.context.clock.now() + MAX_MS;
  }

  async all(list: readonly LogParts[], document: unknown, values: Values, names: Names): Promise<void> {
    const before = this.segments.length;
    const parted = this.#parted;
    for (const part of list) {
      if (part.fallback && this.segments.length > before && this.#parted === parted) continue;
      await this.#tried(() => this.#part(part, document, values, names));
    }
  }

  /** A part that cannot be read leaves the others as they are. */
  async #tried(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof ObservationError || error instanceof RangeError)) throw error;
      this.problems.add(oneLine(error.message, 300));
    }
  }

  async #part(part: LogParts, document: unknown, values: Values, names: Names): Promise<void> {
    const list = part.request ? await this.#list(part.request, part, values) : itemsOf(document, part.items);
    const failed = list.filter((item) => (part.where ?? []).every((condition) => holds(condition, item, values)));
    for (const item of failed) {
      if (this.segments.length >= MAX_SEGMENTS) {
        this.problems.add(`only the first ${MAX_SEGMENTS} failed steps were read`);
        return;
      }
      const own = { ...values, ...valuesIn(item, part.values) };
      const inner = namesOf(part, item, list, own, names);
      for (const text of this.#texts(part)) await text(item, own, inner);
      if (part.parts) await this.all(part.parts, item, own, inner);
    }
  }

  /** The texts of a part, of which a fallback is read only when those before it gave none. */
  #texts({ text = [] }: LogParts): ((item: unknown, values: Values, names: Names) => Promise<void>)[] {
    let found = 0;
    return text.map((one) => async (item, values, names) => {
      if (one.fallback && found > 0) return;
      await this.#tried(async () => {
        const read = await this.#text(one, item, values);
        if (read.trim() === "") return;
        found += 1;
        this.segments.push({ ...names, text: read.slice(-MAX_KEPT) });
      });
    });
  }

  async #text(one: LogText, item: unknown, values: Values): Promise<string> {
    if (one.request && one.url === undefined && one.lines === undefined) {
      this.#count();
      const text = await askText(this.#server, one.request, values, one.tail ?? false);
      return text === ABSENT ? "" : cleanText(text.slice(-2 * MAX_KEPT), one.form);
    }
    const document = one.request ? await this.#document(one.request, values) : item;
    if (document === ABSENT) return "";
    if (one.where && !one.where.every((condition) => holds(condition, document, values))) {
      this.#parted += 1;
      return "";
    }
    if (one.url === undefined) return linesOf(one, document);
    const address = firstText(document, one.url);
    if (address === undefined || !URL.canParse(address)) return "";
    this.#count();
    const text = await askAnywhere(this.#server, withFile(address, one.file), one.tail ?? false);
    return text === ABSENT ? "" : cleanText(text.slice(-2 * MAX_KEPT), one.form);
  }

  async #document(request: HttpRequest, values: Values): Promise<unknown> {
    this.#count();
    const answer = await askDocument(this.#server, request, values, {}, OF_LOG_DOCUMENT);
    return answer === ABSENT ? ABSENT : answer.document;
  }

  /** The items of a list with all its pages. */
  async #list(
    request: HttpRequest,
    { next, items }: Pick<LogParts, "next" | "items">,
    values: Values,
  ): Promise<unknown[]> {
    this.#count();
    const found: unknown[] = [];
    const seen = new Set<string>();
    let answer = await askDocument(this.#server, request, values);
    for (let page = 1; answer !== ABSENT; page += 1) {
      found.push(...itemsOf(answer.document, items));
      const key = next && nextKey(next, answer);
      // A service that names the same page again would do so for ever.
      if (!next || !key || seen.has(key) || page >= MAX_PAGES) break;
      seen.add(key);
      this.#count();
      answer = next.query
        ? await askDocument(this.#server, request, values, { [next.query]: key })
        : await askFurther(this.#server, key, request.format);
    }
    return found;
  }

  #count(): void {
    this.#asked += 1;
    const { title } = this.#server.provider;
    if (this.#asked > MAX_REQUESTS)
      throw new ObservationError(`${title} names more than ${MAX_REQUESTS} things to ask for`);
    if (this.#server.context.clock.now() > this.#until)
      throw new ObservationError(`${title} did not give all its logs within ${MAX_MS / 1000} s`);
  }
}

/** The items that a pointer reaches; a list counts as its elements. */
export function itemsOf(document: unknown, pointer = ""): unknown[] {
  return reach(document, pointer).flat();
}

/** Values of a document by name. */
export function valuesIn(document: unknown, pointers: Readonly<Record<string, string>> | undefined): Values {
  return Object.fromEntries(
    Object.entries(pointers ?? {}).flatMap(([name, pointer]) => {
      const value = firstText(document, pointer);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** What leads to the next page of a list, or undefined. */
export function nextKey(
  next: NextPage,
  { document, headers }: { readonly document: unknown; readonly headers: Readonly<Record<string, string>> },
): string | undefined {
  const key = next.header ? headers[next.header.toLowerCase()] : firstText(document, next.at);
  return key?.trim() || undefined;
}

function namesOf(part: LogParts, item: unknown, list: readonly unknown[], values: Values, around: Names): Names {
  const name = (part.name ?? []).map((template) => filled(template, item, values)).find((one) => one !== undefined);
  const exit = part.exit === undefined ? undefined : Number(firstText(item, part.exit) ?? Number.NaN);
  const within: Names = {
    ...around,
    command: firstText(item, part.command) ?? around.command,
    exit: exit !== undefined && Number.isSafeInteger(exit) ? exit : around.exit,
    job: jobOf(part, item, list) ?? around.job,
  };
  if (name === undefined || part.as === undefined) return within;
  if (part.as === "job") return { ...within, job: name };
  return { ...within, step: around.step === null || around.step === name ? name : `${around.step} / ${name}` };
}

/** The name of the job that an item of a flat list belongs to. */
function jobOf({ job }: LogParts, item: unknown, list: readonly unknown[]): string | undefined {
  const id = job && firstText(item, job.of);
  const owner = id === undefined ? undefined : list.find((other) => firstText(other, job?.id) === id);
  return owner === undefined ? undefined : firstText(owner, job?.name);
}

/** A name with values of the item (`{/name}`) and known ones; undefined when one of them is missing. */
function filled(template: string, item: unknown, values: Values): string | undefined {
  if (missingIn(template, values).length > 0) return undefined;
  let whole = true;
  const text = template.replace(/\{(\/[^}]*|[A-Za-z][A-Za-z0-9_]*)\}/g, (_, key: string) => {
    const value = key.startsWith("/") ? firstText(item, key) : values[key];
    whole &&= value !== undefined;
    return value ?? "";
  });
  return whole ? oneLine(text, 150) || undefined : undefined;
}

function linesOf(one: LogText, document: unknown): string {
  const entries = one.lines === undefined ? reach(document, "") : reach(document, one.lines).flat();
  const lines = entries.flatMap((entry) => {
    const text = typeof entry === "string" ? entry : first(entry, one.line ?? "");
    if (typeof text !== "string") return [];
    return [one.form === "base64" ? fromBase64(text) : text];
  });
  const text = one.pieces ? lines.join("") : lines.map((line) => line.replace(/\r?\n$/, "")).join("\n");
  return cleanText(text.slice(-2 * MAX_KEPT), one.form);
}

/** An address with a file behind it. */
function withFile(address: string, file: string | undefined): string {
  if (file === undefined) return address;
  const url = new URL(address);
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/${file}`;
  return url.href;
}
