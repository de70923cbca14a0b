import type { ServerResponse } from "node:http";
import { type Clock, timestamp } from "../../../base/clock.ts";
import { errorText } from "../../../core/errors.ts";
import { followHome } from "../../../show/follow-home.ts";
import type { Situation, SituationReader } from "../../../show/situation.ts";
import { paths } from "../../../store/paths.ts";
import { jsonDocument } from "../../program/output.ts";
import { EventStream } from "./stream.ts";

/** A page that lost its connection asks again after so long. */
const RETRY_MS = 1500;

/** What all pages are sent. One follower reads the state directory for all of them, and none while there is no page. */
export class Live {
  readonly #reader: SituationReader;
  readonly #home: string;
  readonly #clock: Clock;
  /** Each page with what it was sent last. */
  readonly #streams = new Map<EventStream, Situation | null>();
  readonly #texts = new WeakMap<object, string>();
  #following: AbortController | null = null;

  constructor(reader: SituationReader, { home, clock }: { readonly home: string; readonly clock: Clock }) {
    this.#reader = reader;
    this.#home = home;
    this.#clock = clock;
  }

  /** How many pages there are. */
  get pages(): number {
    return this.#streams.size;
  }

  /** The present situation, read anew. */
  read(): Situation {
    return this.#reader.read();
  }

  /** Sends a page the whole value now, and again whenever it changes; the response's head has been written. */
  add(response: ServerResponse): void {
    const stream = new EventStream(response, () => this.#leave(stream));
    this.#streams.set(stream, null);
    stream.value(`retry: ${RETRY_MS}\n\n`);
    // Before it is read, so that what changes meanwhile is told again.
    if (this.#following === null) {
      this.#following = new AbortController();
      followHome(paths(this.#home), () => this.changed(), this.#following.signal);
    }
    this.#tell([stream]);
  }

  /** Reads the state directory, and tells every page what is new, or that all is as it was. */
  changed(): void {
    this.#tell([...this.#streams.keys()]);
  }

  /** Tells every page that p9 ends, and lets go. */
  end(): void {
    for (const stream of this.#streams.keys()) stream.end("event: end\ndata: {}\n\n");
    this.#following?.abort();
    this.#following = null;
  }

  #leave(stream: EventStream): void {
    this.#streams.delete(stream);
    if (this.#streams.size > 0) return;
    this.#following?.abort();
    this.#following = null;
  }

  #tell(streams: readonly EventStream[]): void {
    const { situation, value, news } = this.#find();
    for (const stream of streams) {
      if (situation !== null && this.#streams.get(stream) !== situation) {
        this.#streams.set(stream, situation);
        stream.value(value);
      }
      stream.passing(news);
    }
  }

  /** The event with the situation, and the news: when it was true, or why it cannot be read. */
  #find() {
    try {
      const situation = this.#reader.read();
      const news = `event: beat\ndata: ${JSON.stringify({ at: timestamp(this.#clock.now()) })}\n\n`;
      return { situation, value: `event: situation\ndata: ${this.#text(situation)}\n\n`, news };
    } catch (error) {
      const text = jsonDocument({ text: errorText(error) }).trimEnd();
      return { situation: null, value: "", news: `event: trouble\ndata: ${text}\n\n` };
    }
  }

  /** The situation as `p9 top --json` prints it; each of its members is written once. */
  #text(situation: Situation): string {
    const known = this.#texts.get(situation);
    if (known !== undefined) return known;
    const members = Object.entries(situation).map(([key, member]) => {
      const text = Array.isArray(member)
        ? `[${member.map((one) => this.#memberText(one)).join()}]`
        : documentOf(member);
      return `${JSON.stringify(key)}:${text}`;
    });
    const text = `{${members.join()}}`;
    this.#texts.set(situation, text);
    return text;
  }

  #memberText(member: object): string {
    const text = this.#texts.get(member) ?? documentOf(member);
    this.#texts.set(member, text);
    return text;
  }
}

function documentOf(value: unknown): string {
  return jsonDocument(value).trimEnd();
}
