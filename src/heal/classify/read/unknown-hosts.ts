import { NETWORK } from "../rules/network.ts";

const UNKNOWN = NETWORK.find(({ id }) => id === "dns")?.find ?? [];
/** A name of a host in an address or on its own; in lower case, unlike the names of classes. */
const HOST = /(?<![\w.@-]|[^/]\/)(?:[a-z\d-]{1,63}\.){1,8}[a-z]{2,24}(?![\w(]|\.\w)/g;

/** The hosts that these lines say cannot be resolved. */
export function unknownHosts(texts: readonly string[]): ReadonlySet<string> {
  const lines = texts.filter((text) => UNKNOWN.some((words) => text.includes(words)));
  return new Set(lines.flatMap((text) => text.match(HOST) ?? []));
}
