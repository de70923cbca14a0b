import { existsSync, writeFileSync } from "node:fs";
import { makeDir } from "../store/files.ts";
import { paths } from "../store/paths.ts";

const NOTE = 'No policy file ".control/policy.yaml" here or above: working on the defaults';

/** The note that p9 watches without a policy: once for each state directory, and never where the user has a `config.yaml`. */
export function defaultsNote(home: string): readonly string[] {
  const { config, toldDefaults } = paths(home);
  if (existsSync(config) || existsSync(toldDefaults)) return [];
  try {
    makeDir(home);
    writeFileSync(toldDefaults, "", { mode: 0o600 });
  } catch {
    // It is said again.
  }
  return [NOTE];
}
