import type { LoadedPolicy } from "../../config/load.ts";

/** Where a name is looked up: third-party plugins are those of the state directory and of the policy that `cwd` sees. */
export interface PluginScope {
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** The policy that `cwd` sees, when it is loaded already. */
  readonly policy?: Pick<LoadedPolicy, "path" | "workspace" | "raw">;
  /** Start no plugin to learn what it provides: what is known of it must do. For hooks, which have no time. */
  readonly startNothing?: boolean;
  /** Told of every plugin that could not be used, by name; nothing else happens to it. */
  readonly report?: (problem: PluginProblem) => void;
}

/** Why a plugin is left out. */
export interface PluginProblem {
  /** The plugin as configured: `npm:name`, `./path`, `exec:program`. */
  readonly plugin: string;
  /** One sentence for people. */
  readonly message: string;
}
