import { outsidePattern, SlowPatternError } from "../base/outside-pattern.ts";
import type { Values } from "../providers/template.ts";
import type { LogProvider, LogTarget } from "./describe/log-provider.ts";
import { baseOf } from "./place.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** A page of a run or job, and the description that tells how to read it. */
export interface Page {
  readonly target: LogTarget;
  /** Name of the target. */
  readonly is: string;
  readonly values: Values;
  readonly base: URL;
}

/** Longer addresses are none that a CI service makes. */
const MAX_ADDRESS = 2_000;

/** The page of `address` at a provider; null when it is none of its pages. */
export function pageAt(provider: LogProvider, address: string, env: Env): Page | null {
  const base = baseOf(provider, env);
  const url = plainAddress(address);
  if (base === null || url === null) return null;
  const behind = behindBase(url, base) ?? (isSite(provider, url) ? url.pathname : null);
  if (behind === null) return null;
  const found = match(provider, behind + url.search + url.hash);
  return found && { ...found, base, values: { ...paramsOf(provider, env), ...found.values } };
}

/** Whether an address has the form of a provider's pages, wherever it lies: a hint for people, and never a place to ask. */
export function looksLike(provider: LogProvider, address: string): boolean {
  const url = plainAddress(address);
  if (url === null) return false;
  // A server may lie below a path of its host.
  const rest = url.search + url.hash;
  const [, first = "", ...others] = url.pathname.split("/");
  const telling = { ...provider, pages: provider.pages.filter((page) => page.telling) };
  return (
    match(telling, url.pathname + rest) !== null ||
    (first !== "" && match(telling, `/${others.join("/")}${rest}`) !== null)
  );
}

/** An address without a user, a password or an odd scheme; null for any other. */
function plainAddress(address: string): URL | null {
  if (address.length > MAX_ADDRESS || !URL.canParse(address)) return null;
  const url = new URL(address);
  return /^https?:$/.test(url.protocol) && !url.username && !url.password ? url : null;
}

/** The path behind the base, which keeps its slash; null when the address lies elsewhere. */
function behindBase(url: URL, base: URL): string | null {
  const prefix = base.pathname.replace(/\/+$/, "");
  if (url.origin !== base.origin || !url.pathname.startsWith(`${prefix}/`)) return null;
  return url.pathname.slice(prefix.length);
}

function isSite({ sites }: LogProvider, url: URL): boolean {
  return sites?.includes(url.origin) ?? false;
}

function match({ pages, targets }: LogProvider, behind: string): Omit<Page, "base"> | null {
  for (const { path, is } of pages) {
    const found = matched(path, behind);
    const target = found && Object.hasOwn(targets, is) ? targets[is] : undefined;
    const values = found && decoded(found.groups ?? {});
    if (target && values) return { target, is, values };
  }
  return null;
}

/** A pattern that takes too long on an address is none of its service: the others are tried. */
function matched(path: string, behind: string): RegExpExecArray | null {
  try {
    return outsidePattern(`^(?:${path})$`).exec(behind);
  } catch (error) {
    if (error instanceof SlowPatternError) return null;
    throw error;
  }
}

/** The values of a page's address; null when one of them is not encoded as an address is. */
function decoded(groups: Readonly<Record<string, string | undefined>>): Values | null {
  try {
    return Object.fromEntries(
      Object.entries(groups).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, decodeURIComponent(value)]],
      ),
    );
  } catch {
    return null;
  }
}

/** Values of the provider's parameters that a variable or a default gives. */
function paramsOf({ params }: LogProvider, env: Env): Values {
  return Object.fromEntries(
    Object.entries(params ?? {}).flatMap(([name, { env: variable, default: fallback }]) => {
      const value = (variable ? env[variable]?.trim() : undefined) || fallback;
      return value ? [[name, value]] : [];
    }),
  );
}
