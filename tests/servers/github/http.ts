import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Fault } from "./faults.ts";
import { answer } from "./graphql/execute.ts";
import type { Reply } from "./rest/reply.ts";
import { route } from "./rest/router.ts";
import type { World } from "./world.ts";

/** One request that the server saw. */
export interface Seen {
  /** Seconds since the world was made. */
  at: number;
  method: string;
  path: string;
  query: string | null;
  variables: Record<string, unknown>;
  /** GraphQL points; 0 for REST. */
  points: number;
  status: number;
}

/** An HTTP server over one world. Every request is noted in `seen`. */
export function createGitHubServer(world: World, seen: Seen[]): Server {
  return createServer((request, response) => {
    handle(world, seen, request, response).catch((error: unknown) => {
      send(response, { status: 500, body: { message: `The test server failed: ${String(error)}` } }, {});
    });
  });
}

async function handle(world: World, seen: Seen[], request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(request);
  const url = new URL(request.url ?? "/", "http://github.test");
  url.pathname = url.pathname.replace(/^\/api\/v3(?=\/)/, "").replace(/^\/api\/graphql$/, "/graphql");
  const isQuery = url.pathname === "/graphql";
  const query = isQuery && typeof body.query === "string" ? body.query : null;
  const variables = isQuery && typeof body.variables === "object" ? (body.variables as Record<string, unknown>) : {};
  world.settle();
  const entry: Seen = {
    at: world.elapsed(),
    method: request.method ?? "GET",
    path: url.pathname + url.search,
    query,
    variables,
    points: 0,
    status: 0,
  };
  seen.push(entry);

  const fault = world.faults.take(url.pathname, query);
  if (fault?.kind === "hang") return;
  if (fault?.kind === "drop") {
    request.socket.destroy();
    return;
  }
  const reply = fault ? spoil(world, fault, isQuery) : await reply200(world, entry, url, body);
  entry.status = reply.status;
  send(response, reply, { ...rateHeaders(world, isQuery), ...reply.headers });
}

async function reply200(world: World, entry: Seen, url: URL, body: Record<string, unknown>): Promise<Reply> {
  if (world.viewer === null) return { status: 401, body: { message: "Bad credentials" } };
  if (entry.query !== null) {
    const { body: result, cost } = await answer(world, { query: entry.query, variables: entry.variables });
    entry.points = cost.points;
    return { status: 200, body: result };
  }
  if (url.pathname !== "/rate_limit" && !world.rate.charge("core", 1)) {
    return { status: 403, body: { message: "API rate limit exceeded for user ID 1." } };
  }
  return route(world, entry.method, url, body);
}

function spoil(world: World, { kind, retryAfter = 60 }: Fault, isQuery: boolean): Reply {
  const html = (title: string) =>
    `<!DOCTYPE html><html><head><title>${title}</title></head><body>${title}</body></html>`;
  const page = { "content-type": "text/html" };
  if (kind === "502") return { status: 502, body: html("502 Bad Gateway"), headers: page };
  if (kind === "html") return { status: 200, body: html("Sign in to the network"), headers: page };
  if (kind === "500") return { status: 500, body: { message: "Server Error" } };
  if (kind === "404") return { status: 404, body: { message: "Not Found" } };
  if (kind === "401") return { status: 401, body: { message: "Bad credentials" } };
  if (kind === "secondary") {
    const message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";
    return { status: 403, body: { message }, headers: { "retry-after": String(retryAfter) } };
  }
  world.rate.exhaust(retryAfter);
  const message = "API rate limit exceeded for user ID 1.";
  return isQuery
    ? { status: 200, body: { errors: [{ type: "RATE_LIMITED", message }] } }
    : { status: 403, body: { message } };
}

function rateHeaders(world: World, isQuery: boolean): Record<string, string> {
  const resource = isQuery ? "graphql" : "core";
  const { limit, remaining, used, resetAt } = world.rate.read(resource);
  return {
    "x-ratelimit-limit": String(limit),
    "x-ratelimit-remaining": String(remaining),
    "x-ratelimit-used": String(used),
    "x-ratelimit-reset": String(Math.ceil(resetAt / 1000)),
    "x-ratelimit-resource": resource,
    "x-oauth-scopes": "repo, read:org, workflow",
  };
}

function send(response: ServerResponse, { status, body }: Reply, headers: Record<string, string>): void {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers });
  response.end(text);
}

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  if (text === "") return {};
  const value: unknown = JSON.parse(text);
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
