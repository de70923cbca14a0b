import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { OneTimeCode } from "./one-time.ts";

/** Why a request is not answered: a status of HTTP, and a sentence for whoever reads it. */
export interface Refusal {
  readonly status: 400 | 401 | 403 | 404 | 405;
  readonly words: string;
}

/** A request as the gate sees it. */
export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

/** What a request must know to be let in: the token, or for the page itself a code that is good once. */
export interface Secrets {
  readonly token: string;
  readonly once: OneTimeCode;
}

/**
 * Lets a request in when it was sent to this machine by its own name (another site that has its name point here is not), by no other
 * site's page, and with the token; the address that it asks for, or why it may not. What changes something needs the token in a header,
 * which no form and no link of another site can send.
 */
export function letIn({ method, url, headers }: Asked, port: number, { token, once }: Secrets): URL | Refusal {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  const { host = "", origin, authorization } = headers;
  if (!hosts.includes(host)) return refuse(403, "This is p9 board, which answers to 127.0.0.1 and localhost only");
  if (origin !== undefined && origin !== `http://${host}`)
    return refuse(403, "This is p9 board, which answers no page of another site");
  const address = addressOf(host, url);
  if (address === null) return refuse(400, "No address of p9 board");
  const isRead = method === "GET" || method === "HEAD";
  if (isForeign(headers, address.pathname))
    return refuse(403, "This is p9 board, which answers no page of another site");
  const code = address.searchParams.get("once");
  if (method === "GET" && address.pathname === "/" && code !== null)
    return once.take(code) ? address : refuse(403, "This address was good once: open the one that p9 board printed");
  const given = authorization?.replace(/^Bearer /, "") ?? (isRead ? address.searchParams.get("token") : null);
  if (given === null) return refuse(401, "The token is missing: open the whole address that p9 board printed");
  if (!isEqual(given, token))
    return refuse(401, "This token is of another p9 board: open the address that was printed last");
  if (!isRead && method !== "POST") return refuse(405, "p9 board can be read with GET");
  return address;
}

/** Null for the whole address of another server, as proxies are asked for it. */
function addressOf(host: string, url: string): URL | null {
  const whole = `http://${host}${url}`;
  return url.startsWith("/") && URL.canParse(whole) ? new URL(whole) : null;
}

/** A browser says which page asks. A link from elsewhere may lead to the board itself, and to nothing else of it. */
function isForeign({ "sec-fetch-site": site, "sec-fetch-mode": mode }: IncomingHttpHeaders, path: string): boolean {
  if (site === undefined || site === "same-origin" || site === "none") return false;
  return path !== "/" || mode !== "navigate";
}

/** Takes as long for any token as for the true one. */
function isEqual(given: string, token: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}

function refuse(status: Refusal["status"], words: string): Refusal {
  return { status, words };
}
