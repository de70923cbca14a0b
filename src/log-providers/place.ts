import { missingIn, type Values } from "../providers/template.ts";
import type { LogProvider } from "./describe/log-provider.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** Where a log provider is asked, without a slash at its end; null when nobody has said it. A host alone means https. */
export function baseOf({ base }: Pick<LogProvider, "base">, env: Env): URL | null {
  const said = (base?.env ? env[base.env]?.trim() : undefined) || base?.url;
  if (!said) return null;
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(said) ? said : `https://${said}`;
  const url = URL.canParse(address) ? new URL(address) : null;
  return url !== null && /^https?:$/.test(url.protocol) && !url.username && !url.password ? url : null;
}

/** A value that a URL would read as a step up, or as nothing. */
const DOTS = /^\.{0,2}$/;

/**
 * An address at the base: `{name}` is encoded, `{+name}` is a path of several segments.
 *
 * @throws {RangeError} for a value that is unknown, or that would lead elsewhere on the server.
 */
export function addressAt(
  base: URL,
  path: string,
  query: Readonly<Record<string, string>> | undefined,
  values: Values,
): string {
  const filled = path.replace(/\{(\+?)([A-Za-z][A-Za-z0-9_]*)\}/g, (_, isPath: string, name: string) => {
    const value = values[name];
    if (value === undefined) throw new RangeError(`Cannot fill in "${path}": "${name}" is unknown`);
    const segments = isPath ? value.split("/") : [value];
    if (segments.some((segment) => DOTS.test(segment)))
      throw new RangeError(`Cannot fill in "${path}": "${name}" is no name`);
    return segments.map(encodeURIComponent).join("/");
  });
  const url = new URL(base);
  url.pathname = `${base.pathname.replace(/\/+$/, "")}/`;
  const address = new URL(url.href.replace(/[?#].*$/, "") + filled.replace(/^\/+/, ""));
  for (const [name, template] of Object.entries(query ?? {})) {
    if (missingIn(template, values).length > 0) continue;
    address.searchParams.append(
      name,
      template.replace(/\{([A-Za-z][A-Za-z0-9_]*)\}/g, (_, key) => values[key] ?? ""),
    );
  }
  return address.href;
}
