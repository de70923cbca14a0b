import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { DegradedError, errorCode, errorText } from "../../../core/errors.ts";
import { type Asked, letIn, type Refusal, type Secrets } from "./gate.ts";
import { refusedPage } from "./page/page.ts";

/** Loopback only: no other machine reaches it. */
const ADDRESS = "127.0.0.1";
/** A request is complete within this time, or its connection ends. */
const REQUEST_MS = 10_000;
const MAX_HEADER_BYTES = 16 << 10;
/** More connections at once are closed as they come. */
const MAX_CONNECTIONS = 256;

/** Sent with every answer. A route's own policy comes in place of this one, which allows nothing. */
const HEADERS = {
  "Cache-Control": "no-store",
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "SAMEORIGIN",
} as const;

/** What answers at one address to one method. */
export interface Route {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly type: string;
  readonly policy?: string;
  answer(address: URL, response: ServerResponse): void | Promise<void>;
}

/** A server that listens. */
export interface BoardServer {
  readonly port: number;
  /** Ends every connection. */
  close(): Promise<void>;
}

/** Serves `routes` on loopback to whoever has the token. `port` 0: one that is free. @throws {DegradedError} for a port that is taken. */
export async function serve(
  routes: readonly Route[],
  { port, secrets, warn }: { readonly port: number; readonly secrets: Secrets; readonly warn: (text: string) => void },
): Promise<BoardServer> {
  let bound = port;
  const limits = { maxHeaderSize: MAX_HEADER_BYTES, headersTimeout: REQUEST_MS, requestTimeout: REQUEST_MS };
  const server = createServer({ ...limits, connectionsCheckingInterval: 2000, keepAliveTimeout: 5000 });
  server.maxConnections = MAX_CONNECTIONS;
  server.on("request", (request, response) => {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    answer(request, response, routes, (asked) => letIn(asked, bound, secrets)).catch((error) => {
      warn(`Cannot answer: ${errorText(error)}`);
      if (response.headersSent) response.destroy();
      else refuse(response, { status: 500, words: "p9 board failed: its terminal says why" });
    });
  });
  bound = await listen(server, port);
  return { port: bound, close: () => closed(server) };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  routes: readonly Route[],
  gate: (asked: Asked) => URL | Refusal,
): Promise<void> {
  const { method = "", url = "", headers } = request;
  // Nothing that is sent is read: a body ends the connection.
  if (headers["content-length"] !== undefined || headers["transfer-encoding"] !== undefined)
    response.setHeader("Connection", "close");
  const address = gate({ method, url, headers });
  if (!(address instanceof URL)) return refuse(response, address, url === "/" && address.status === 401);
  const here = routes.filter(({ path }) => path === address.pathname);
  if (here.length === 0) return refuse(response, { status: 404, words: "p9 board has nothing here" });
  const route = here.find((one) => one.method === (method === "HEAD" ? "GET" : method));
  if (!route) {
    response.setHeader("Allow", here.map((one) => one.method).join(", "));
    return refuse(response, { status: 405, words: `Cannot ${method} this: wanted ${here[0]?.method}` });
  }
  response.setHeader("Content-Type", route.type);
  if (route.policy !== undefined) response.setHeader("Content-Security-Policy", route.policy);
  if (method === "HEAD") return void response.end();
  await route.answer(address, response);
}

/** `mayComeBack`: the page itself was asked for without its token, as a browser does that loads it again. */
function refuse(
  response: ServerResponse,
  { status, words }: { readonly status: Refusal["status"] | 500; readonly words: string },
  mayComeBack = false,
): void {
  const page = mayComeBack ? refusedPage(words) : null;
  if (page) response.setHeader("Content-Security-Policy", page.policy);
  if (status === 401) response.setHeader("WWW-Authenticate", 'Bearer realm="p9 board"');
  response.setHeader("Content-Type", page ? "text/html; charset=utf-8" : "text/plain; charset=utf-8");
  response.writeHead(status);
  response.end(page?.html ?? `${words}\n`);
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    // Also what comes later, such as too many open files: the next connection may be accepted again.
    server.on("error", (error) => reject(new DegradedError(cannotListen(port, error), { cause: error })));
    server.listen(port, ADDRESS, () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

function cannotListen(port: number, error: Error): string {
  const why = { EADDRINUSE: "another program has it", EACCES: "it is not for everybody" }[errorCode(error) ?? ""];
  return `Cannot listen on port ${port}: ${why ?? error.message}; without --port a free one is taken`;
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
