import { type LookupAddress, type LookupOptions, lookup } from "node:dns";
import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { whyNotPublic } from "../base/address.ts";
import { ObservationError } from "../core/observation.ts";
import type { Answer, Sent } from "./message.ts";

/**
 * Sends one request that a repository asks for. An address that is not on the public internet is reached only under one of the names
 * in `privateHosts`, which somebody has seen and trusted. What is checked is the address that is connected to: a name that resolves
 * to another one a moment later gains nothing.
 *
 * @throws {ObservationError} before anything is sent there.
 */
export async function sendChecked(url: URL, sent: Sent, privateHosts: readonly string[]): Promise<Answer> {
  const isNamed = privateHosts.includes(url.hostname);
  const what = isNamed ? null : whyNotPublic(url.hostname);
  if (what !== null) throw refusal(url, what);
  const request = url.protocol === "https:" ? requestHttps : requestHttp;
  const options = {
    method: sent.method,
    headers: { accept: "*/*", "user-agent": "p9", "accept-encoding": "identity", ...lowerCase(sent.headers) },
    signal: sent.signal,
    // A connection of its own: one that is kept may have been opened without a check.
    agent: false as const,
    ...(isNamed ? {} : { lookup: publicLookup(url) }),
  };
  const message = await new Promise<IncomingMessage>((resolve, reject) => {
    const call = request(url, options, resolve);
    call.on("error", reject);
    if (sent.body === undefined) call.end();
    else call.setHeader("content-length", Buffer.byteLength(sent.body)).end(sent.body);
  });
  const headers = Object.entries(message.headers).map(([name, value]) => [name, [value].flat().join(", ")]);
  return {
    status: message.statusCode ?? 0,
    headers: Object.fromEntries(headers),
    body: message,
    drop: async () => void message.destroy(),
  };
}

/** Looks a name up, and fails when one of its addresses is not public. */
function publicLookup(url: URL) {
  type Done = (error: Error | null, address: string | LookupAddress[], family?: number) => void;
  return (name: string, options: LookupOptions, done: Done) => {
    lookup(name, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, "");
      const hidden = addresses.find(({ address }) => whyNotPublic(address) !== null);
      if (hidden) return done(refusal(url, whyNotPublic(hidden.address) ?? "", hidden.address), "");
      const [first] = addresses;
      return options.all ? done(null, addresses) : done(null, first?.address ?? "", first?.family);
    });
  };
}

function refusal({ hostname, origin, pathname }: URL, what: string, address = hostname): ObservationError {
  const where = address === hostname ? what : `${address}, ${what}`;
  return new ObservationError(`Cannot reach ${origin}${pathname} for a repository: it leads to ${where}`, {
    needs: "an address of the public internet, one that p9 trust shows as it is, or the entry in your own config.yaml",
    lasting: true,
  });
}

function lowerCase(headers: Sent["headers"]): Record<string, string> {
  return Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
}
