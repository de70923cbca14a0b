import type { JsonObject } from "../base/json.ts";
import type { P9Event } from "../core/events.ts";
import type { PluginContext } from "./context.ts";
import type { OptionSpecs, Options } from "./options.ts";

/** A message to the user. */
export interface Notice {
  /** A repeated delivery has the same id. */
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

/** Delivers notices over one channel. */
export interface Notifier {
  readonly name: string;
  readonly summary: string;
  readonly options?: OptionSpecs;
  readonly env?: readonly string[];
  /** Seconds that one delivery may take. Default 10. */
  readonly timeoutS?: number;
  /** Delivers a notice. Rejects when that fails; with {@link ObservationError} when another try may work. */
  deliver(notice: Notice, context: DeliverContext): Promise<void>;
}
