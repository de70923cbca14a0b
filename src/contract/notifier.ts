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
  /** Delivers only from a command that somebody waits in (`watch`, `attach`, `notify`, on a terminal), never from a background process. */
  readonly foreground?: boolean;
  /** Says why it cannot deliver here, as a sentence that p9 doctor shows; null when nothing is known against it. Sends nothing. */
  missing?(context: DeliverContext): Promise<string | null>;
  /** Delivers a notice. Rejects when that fails; with {@link ObservationError} when another try may work. */
  deliver(notice: Notice, context: DeliverContext): Promise<void>;
}
