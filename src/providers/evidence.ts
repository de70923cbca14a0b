import { oneLine } from "../base/text.ts";
import type { Evidence } from "../contract/wait-kind.ts";
import type { Provider } from "./describe/provider.ts";
import { firstText, reach } from "./pointer.ts";
import { type Asker, ask, MISSING } from "./request.ts";
import { tellingLines } from "./telling-lines.ts";
import type { Values } from "./template.ts";
import { credentialNames } from "./variables.ts";

/**
 * The lines that show why a target failed: the last 20 about an error, else the last ten. A log that cannot be read becomes a
 * line that says so, because the verdict must not be lost.
 */
export async function evidenceOf(
  provider: Provider,
  document: unknown,
  values: Values,
  context: Asker,
  url?: string,
): Promise<Evidence[]> {
  const pointers = provider.evidence;
  if (!pointers) return [];
  try {
    const source = pointers.request ? await ask(provider, pointers.request, values, context) : document;
    if (source === MISSING) return [];
    const lines = reach(source, pointers.lines)
      .flat()
      .map((entry) => (typeof entry === "string" ? entry : firstText(entry, pointers.text ?? "")))
      .flatMap((text) => (text ?? "").split("\n"));
    const secrets = credentialNames(provider).flatMap((name) => context.env[name] ?? []);
    return tellingLines(lines, secrets).map((line) => ({ job: provider.title, ...line, ...(url ? { url } : {}) }));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [{ job: provider.title, text: oneLine(`The log could not be read: ${why}`, 300), ...(url ? { url } : {}) }];
  }
}
