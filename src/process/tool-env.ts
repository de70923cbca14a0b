import { delimiter, isAbsolute } from "node:path";

type Env = Readonly<Record<string, string | undefined>>;

/** Variables that make a shell or an interpreter run a file before its own program. */
const RUNS_FIRST = ["BASH_ENV", "ENV", "NODE_OPTIONS", "PERL5OPT", "PYTHONSTARTUP", "RUBYOPT"];

/**
 * The environment in which p9 runs a program itself. Entries of `PATH` that depend on the folder are left out: p9 runs unasked in
 * whatever repository the agent stands in, and must not take a `git` from there.
 */
export function toolEnv(env: Env): Env {
  const { PATH, ...others } = env;
  const rest = Object.fromEntries(Object.entries(others).filter(([name]) => !RUNS_FIRST.includes(name)));
  return PATH === undefined ? rest : { ...rest, PATH: PATH.split(delimiter).filter(isAbsolute).join(delimiter) };
}
