/** Addresses that the public internet does not lead to, by what they are (RFC 6890 and the like). */
const BLOCKS: Readonly<Record<string, readonly string[]>> = {
  "this machine": ["0.0.0.0/8", "127.0.0.0/8", "::/128", "::1/128"],
  "the link-local network": ["169.254.0.0/16", "fe80::/10"],
  "a private network": [
    ...["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"],
    ...["fc00::/7", "fec0::/10", "64:ff9b:1::/48"],
  ],
  "no public address": ["192.0.0.0/24", "198.18.0.0/15", "224.0.0.0/3", "100::/64", "2001::/32", "ff00::/8"],
};

/** Names that only this machine or its own network answers to. */
const LOCAL_NAME = /(?:^|\.)(?:localhost|localdomain|local|internal|intranet|private|lan|home|corp|home\.arpa)$/;
const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/;

/**
 * What a host is when the public internet does not lead to it (`this machine`, `a private network`), else null. Wants the host as the
 * `hostname` of a URL, or as the resolver gives it.
 */
export function whyNotPublic(hostname: string): string | null {
  const host = bareHost(hostname);
  const bits = bitsOf(host);
  if (bits !== null) return whyNotPublicBits(bits);
  return LOCAL_NAME.test(host) || !host.includes(".") ? "a name of this machine or its network" : null;
}

/** A host without the brackets and the zone of an IPv6 address, and without the dot that may end a name. */
function bareHost(hostname: string): string {
  return hostname
    .toLowerCase()
    .replace(/^\[|\]$/g, "")
    .replace(/%.*$/, "")
    .replace(/\.$/, "");
}

function whyNotPublicBits(bits: bigint): string | null {
  const inner = innerBits(bits);
  if (inner !== null) return whyNotPublicBits(inner);
  for (const [what, blocks] of Object.entries(BLOCKS)) if (blocks.some((block) => isIn(bits, block))) return what;
  return null;
}

function isIn(bits: bigint, block: string): boolean {
  const [net = "", length = ""] = block.split("/");
  const rest = BigInt((net.includes(":") ? 128 : 32) - Number(length));
  return bits >> rest === (bitsOf(net) ?? -1n) >> rest;
}

const MAPPED = 0xffffn << 32n;

/** An address as a number of 128 bits, an IPv4 address as the IPv6 address that it is mapped to; null: it is a name. */
function bitsOf(host: string): bigint | null {
  if (IPV4.test(host)) return host.split(".").reduce((sum, part) => (sum << 8n) | BigInt(part), 0n) | MAPPED;
  if (!host.includes(":") || !URL.canParse(`http://[${host}]`)) return null;
  // A URL spells the last four bytes of an IPv6 address in hexadecimal, too.
  const [head = "", tail = ""] = new URL(`http://[${host}]`).hostname.slice(1, -1).split("::");
  const [before, after] = [head, tail].map((part) => (part === "" ? [] : part.split(":")));
  const gap = new Array<string>(8 - (before?.length ?? 0) - (after?.length ?? 0)).fill("0");
  return [...(before ?? []), ...gap, ...(after ?? [])].reduce((sum, part) => (sum << 16n) | BigInt(`0x${part}`), 0n);
}

/** The IPv4 address that an IPv6 address leads to (translated, compatible, NAT64, 6to4), mapped; else null. */
function innerBits(bits: bigint): bigint | null {
  const last = bits & 0xffffffffn;
  if (bits >> 112n === 0x2002n) return ((bits >> 80n) & 0xffffffffn) | MAPPED;
  if (bits >> 32n === 0x64ff9bn << 64n) return last | MAPPED;
  if (bits >> 32n === 0xffff0000n) return last | MAPPED;
  // `::` and `::1` are addresses of their own.
  return bits >> 32n === 0n && last > 1n ? last | MAPPED : null;
}

/** The beginning of an address. Of `http:` the slashes may be missing, or lean the other way. */
const SCHEME = /^(?:https?:|[a-z][a-z0-9+.-]*:[/\\]{2})[/\\]*/i;

/** Keys whose value is a host or an address, also when it does not look like one. */
const HOST_KEY = /^(?:host|hostname|hostaddr|server|base|url|address|endpoint|default)$/i;

/**
 * The hosts in a value of a configuration that the public internet does not lead to, as the `hostname` of a URL spells them: of every
 * address in its texts, also inside a command, and of texts that are a host.
 */
export function privateHostsIn(value: unknown, key = ""): readonly string[] {
  if (typeof value === "object" && value !== null) {
    const inside = Object.entries(value).map(([name, one]) => privateHostsIn(one, Array.isArray(value) ? key : name));
    return [...new Set(inside.flat())];
  }
  if (typeof value !== "string" && typeof value !== "number") return [];
  const text = String(value).trim();
  const addresses = [text, ...(text.match(/[a-z][a-z0-9+.-]*:\/\/[^\s"'`<>|;]+/gi) ?? [])];
  const isHost = HOST_KEY.test(key) || bitsOf(bareHost(text)) !== null || LOCAL_NAME.test(text.toLowerCase());
  if (isHost && !SCHEME.test(text)) addresses.push(`http://${text}`, `http://[${text}]`);
  const hosts = addresses.flatMap((address) => hostOf(address) ?? []);
  // A template in the place of the host names none.
  return [...new Set(hosts.filter((host) => !host.includes("{") && whyNotPublic(host) !== null))];
}

/** The host of an address in its usual spelling (`127.0.0.1` of `http://2130706433`), or null when it has none. */
function hostOf(text: string): string | null {
  if (!SCHEME.test(text)) return null;
  const address = `http://${text.replace(SCHEME, "")}`;
  return URL.canParse(address) ? new URL(address).hostname : null;
}

/** A line that names the private hosts of a configuration to whoever is asked to trust it; empty when it has none. */
export function privateHostsNote(value: unknown): string {
  const hosts = privateHostsIn(value).map((host) => `${host} (${whyNotPublic(host)})`);
  return hosts.length === 0 ? "" : `Not on the public internet: ${hosts.join(", ")}`;
}
