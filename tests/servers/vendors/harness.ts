import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as a vendor's route sees it. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
  /** Groups of the route's expression. */
  readonly groups: Readonly<Record<string, string>>;
}

/** What a route answers; a text is sent as it is, everything else as JSON. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body: unknown;
}

export type Route = readonly [method: string, path: RegExp, answer: (asked: Asked) => Answer | undefined];

/** What goes wrong with the next request. `hang`: accepted, never answered; `drop`: closed; `html`: a proxy's page. */
export type Trouble = "hang" | "drop" | "html" | Answer;

/** A vendor's API on loopback. */
export interface VendorServer {
  readonly url: string;
  /** Every request, oldest first. */
  readonly requests: Asked[];
  /** Each of the next requests meets the next of these. */
  readonly trouble: Trouble[];
  close(): Promise<void>;
}

/** How a vendor refuses and routes. */
export interface VendorOptions {
  readonly routes: readonly Route[];
  /** Whether these headers carry the credential. */
  readonly allows: (headers: IncomingMessage["headers"]) => boolean;
  /** Body of its HTTP 401 (403 when `refusal` says so) and 404. */
  readonly refusal: Answer;
  readonly notFound: Answer;
}

/** Starts a vendor's API on loopback. It ends with the test process at the latest. */
export async function startVendor(options: VendorOptions): Promise<VendorServer> {
  const requests: Asked[] = [];
  const trouble: Trouble[] = [];
  const http = createServer((request, response) => {
    serve(options, requests, trouble, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  http.unref();
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    requests,
    trouble,
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
}

async function serve(
  { routes, allows, refusal, notFound }: VendorOptions,
  requests: Asked[],
  trouble: Trouble[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const url = new URL(request.url ?? "/", "http://127.0.0.1");
  const asked: Asked = {
    method: request.method ?? "GET",
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    body: Buffer.concat(chunks).toString("utf8"),
    groups: {},
  };
  requests.push(asked);
  const next = trouble.shift();
  if (next === "hang") return;
  if (next === "drop") return void response.destroy();
  if (next === "html")
    return reply(response, { status: 200, headers: { "content-type": "text/html" }, body: "<html>Bad gateway</html>" });
  if (next) return reply(response, next);
  if (!allows(request.headers)) return reply(response, refusal);
  for (const [method, path, answer] of routes) {
    const match = method === asked.method ? path.exec(asked.path) : null;
    const groups = Object.fromEntries(
      Object.entries(match?.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]),
    );
    const answered = match && answer({ ...asked, groups });
    if (answered) return reply(response, answered);
  }
  reply(response, notFound);
}

function reply(response: ServerResponse, { status = 200, headers = {}, body }: Answer): void {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers }).end(text);
}
