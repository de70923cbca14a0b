import type { JsonObject } from "../base/json.ts";
import type { P9Event } from "../core/events.ts";
import type { PluginContext } from "./context.ts";
import type { OptionSpecs, Options } from "./options.ts";

/** What is told. */
export interface Notice {
  /** Stable: a repeated delivery carries the same id. */
  readonly id: string;
  /** `termination:green`, `termination:escalated`, `stuck`, `escalation`, `test` … */
  readonly kind: string;
  /** UTF-8, one line. */
  readonly title: string;
  /** Redacted text. */
  readonly body: string;
  readonly severity: "info" | "warning" | "error";
  readonly url?: string;
  readonly event?: P9Event;
  readonly payload?: JsonObject;
}

/** What `deliver` gets. */
export interface DeliverContext extends PluginContext {
  readonly options: Options;
}

/** How somebody is told. */
export interface Notifier {
  readonly name: string;
  readonly summary: string;
  readonly options?: OptionSpecs;
  readonly env?: readonly string[];
  /** Seconds that one delivery may take. Default 10. */
  readonly timeoutS?: number;
  /** Rejects when it was not delivered; with {@link ObservationError} when another try may work. */
  deliver(notice: Notice, context: DeliverContext): Promise<void>;
}
