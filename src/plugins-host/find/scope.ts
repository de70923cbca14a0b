import type { LoadedPolicy } from "../../config/load.ts";

/** Where a name is looked up: third-party plugins are those of the state directory and of the policy that `cwd` sees. */
export interface PluginScope {
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** The policy that `cwd` sees, when it is loaded already. */
  readonly policy?: Pick<LoadedPolicy, "path" | "workspace" | "raw">;
  /** Use the catalog and start no plugin: for hooks, which have no time. */
  readonly startNothing?: boolean;
  /** Called for every plugin that cannot be used, by name; the plugin is left out. */
  readonly report?: (problem: PluginProblem) => void;
}

/** Why a plugin is left out. */
export interface PluginProblem {
  /** The plugin as configured: `npm:name`, `./path`, `exec:program`. */
  readonly plugin: string;
  /** One sentence for people. */
  readonly message: string;
}

/** Collects the problems of a scope, each once: parts are looked up by family, and each look-up finds the same plugin broken. */
export class PluginProblems {
  readonly #found = new Map<string, PluginProblem>();

  /** The `report` of a scope. */
  readonly report = (problem: PluginProblem): void => {
    this.#found.set(`${problem.plugin}\n${problem.message}`, problem);
  };

  get all(): readonly PluginProblem[] {
    return [...this.#found.values()];
  }
}
