import type { LogProvider } from "./log-provider.ts";
import { logProviderProblem } from "./schema.ts";

/**
 * Checks a log provider that is given as data and returns it.
 *
 * @throws {TypeError} one line naming the provider, the key and what is wrong.
 */
export function defineLogProvider<P extends LogProvider>(provider: P): P {
  const found = logProviderProblem(provider);
  if (found === null) return provider;
  const { key, problem } = found;
  const name = String((provider as Partial<LogProvider> | null)?.name);
  throw new TypeError(`Cannot define log provider "${name}": ${key ? `${key}: ` : ""}${problem}`);
}
