import type { Provider } from "./provider.ts";
import { providerProblem } from "./schema.ts";

/**
 * Checks a provider that is given as data and returns it.
 *
 * @throws {TypeError} one line naming the provider, the key and what is wrong.
 */
export function defineProvider<P extends Provider>(provider: P): P {
  const found = providerProblem(provider);
  if (found === null) return provider;
  const { key, problem } = found;
  const name = String((provider as Partial<Provider> | null)?.name);
  throw new TypeError(`Cannot define provider "${name}": ${key ? `${key}: ` : ""}${problem}`);
}
