import type { P9Event } from "./events.ts";

type TypeOf<E> = E extends { readonly type: infer T } ? T : never;

/** Names of events that a subscriber can ask for. */
export type EventType = TypeOf<P9Event>;

/** Receives events after they are committed. */
export type Subscriber = (event: P9Event) => void | Promise<void>;

/** A subscriber that failed: who, on which event, and what it threw. */
export interface SubscriberFailure {
  readonly subscriber: string;
  readonly event: P9Event;
  readonly error: unknown;
}

/**
 * The bus: events are given to each subscriber in the order of the log, after the commit, one after the other and awaited.
 * A subscriber that throws is reported to `onFailure`; the commit stands and the next subscriber gets the event.
 */
export class Bus {
  #subscribers: { name: string; type: EventType | "*"; handle: Subscriber }[] = [];
  #onFailure: (failure: SubscriberFailure) => void | Promise<void>;

  constructor(onFailure: (failure: SubscriberFailure) => void | Promise<void> = () => {}) {
    this.#onFailure = onFailure;
  }

  /** Subscribes to one type of event, or to all (`*`). Returns the function that ends it. */
  on(type: EventType | "*", name: string, handle: Subscriber): () => void {
    const entry = { name, type, handle };
    this.#subscribers.push(entry);
    return () => {
      this.#subscribers = this.#subscribers.filter((other) => other !== entry);
    };
  }

  /** Gives committed events to the subscribers. Never rejects because of one. */
  async emit(events: readonly P9Event[]): Promise<void> {
    for (const event of events) {
      for (const { name, type, handle } of [...this.#subscribers]) {
        if (type !== "*" && type !== event.type) continue;
        try {
          await handle(event);
        } catch (error) {
          await this.#onFailure({ subscriber: name, event, error });
        }
      }
    }
  }
}
