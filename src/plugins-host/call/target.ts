/** A plugin that can be called: where its code is, and how to start it. */
export interface Target {
  /** As configured: `npm:name`, `./path`, `exec:program`. */
  readonly spec: string;
  /** Its name in reports: the self-reported one, or `spec` while that is unknown. */
  readonly label: string;
  /** `module`: imported in a process of p9's runtime. `program`: run as it is. */
  readonly type: "module" | "program";
  /** Absolute path of the module's file or of the program (a bare program name is looked up on PATH). */
  readonly path: string;
}

/** Predicate for a plugin that exceeded its time limit. */
export const NO_ANSWER = "did not answer";

/** A failure of the plugin itself; the message begins with its name. */
export class PluginFault extends Error {
  override readonly name = "PluginFault";

  constructor(target: Pick<Target, "label">, what: string, options?: ErrorOptions) {
    super(`Plugin "${target.label}" ${what}`, options);
  }
}
