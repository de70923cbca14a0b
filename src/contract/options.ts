import type { Json } from "../base/json.ts";

/** One option of a plugin's part. It becomes the flag `--<name>`; p9 checks the value before the plugin gets it. */
export interface OptionSpec {
  readonly type: "string" | "number" | "boolean" | "duration" | "strings";
  /** One line for the help. Of a switch that is on by default: what it does, as in `follow redirects`. */
  readonly description: string;
  readonly required?: boolean;
  readonly default?: Json;
  readonly choices?: readonly string[];
  /** Placeholder in the help: `--exit-file <path>`. */
  readonly value?: string;
}

/** Options by name, kebab-case as on the command line. */
export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

/** Options as a plugin gets them: checked, defaults filled in, durations in seconds. */
export type Options = Readonly<Record<string, Json | undefined>>;
