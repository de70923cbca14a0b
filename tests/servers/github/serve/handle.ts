import { iso } from "../clock.ts";
import { answer } from "../graphql/execute.ts";
import type { Reply } from "../rest/reply.ts";
import { route } from "../rest/router.ts";
import type { RateMeter } from "../trouble/rate.ts";
import { spoil } from "../trouble/spoil.ts";
import type { World } from "../world.ts";

/** A request, whatever it came by. */
export interface Call {
  method: string;
  /** Path and query string, as the client wrote it. */
  path: string;
  body: Record<string, unknown>;
  /** The `host` header: which of the hosts is meant. */
  host?: string;
  /** The `authorization` header: whose request it is. */
  authorization?: string;
}

/** One request that the server saw. */
export interface Seen {
  /** Seconds since the world was made. */
  at: number;
  /** Host that was asked; of API hosts the one that users know, `github.com`. */
  host: string;
  /** Login whose token it came with. */
  login: string | null;
  method: string;
  path: string;
  query: string | null;
  variables: Record<string, unknown>;
  /** GraphQL points; 0 for REST. */
  points: number;
  status: number;
}

/** An answer, or what happens in place of one. */
export type Handled = Reply | "hang" | "drop";

/**
 * Answers one request and notes it in `seen`.
 *
 * `gh` sends every host to the one socket. GitHub.com is asked at api.github.com, an Enterprise server at <host>/api/v3 and <host>/api/graphql.
 * Where other hosts are known, one that is not known is like a name without an address.
 */
export async function handle(main: World, seen: Seen[], call: Call): Promise<Handled> {
  const host = (call.host ?? "github.com").replace(/:\d+$/, "").replace(/^api\.(?=github\.com$)/, "");
  const world = main.hosts.get(host) ?? main;
  if (main.hosts.size > 0 && world === main && host !== main.name) return "drop";
  world.logins.use(call.authorization);
  // The login of this request: another may be answered before its headers are written.
  const { rate } = world.logins.current;
  const url = new URL(call.path, `https://${world.name}`);
  url.pathname = url.pathname.replace(/^\/api\/v3(?=\/)/, "").replace(/^\/api\/graphql$/, "/graphql");
  const isQuery = url.pathname === "/graphql";
  const { body } = call;
  const query = isQuery && typeof body.query === "string" ? body.query : null;
  const variables = isQuery && typeof body.variables === "object" ? (body.variables as Record<string, unknown>) : {};
  world.settle();
  const entry: Seen = {
    at: world.elapsed(),
    host: world.name,
    login: world.viewer,
    method: call.method,
    path: url.pathname + url.search,
    query,
    variables,
    points: 0,
    status: 0,
  };
  seen.push(entry);

  const fault = world.faults.take(url.pathname, query);
  if (fault?.kind === "hang" || fault?.kind === "drop") return fault.kind;
  const reply = fault ? spoil(world, fault, isQuery) : await reply200(world, entry, url, body);
  entry.status = reply.status;
  if (fault?.kind.startsWith("proxy-")) return reply;
  return { ...reply, headers: { ...ownHeaders(world, rate, isQuery), ...reply.headers } };
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

/**
 * The server's own clock is in every answer: `Date` (RFC 9110, 6.6.1), and the reset of the limit in its time.
 * Source of the limit's headers: docs.github.com, "Rate limits for the REST API".
 */
function ownHeaders(world: World, rate: RateMeter, isQuery: boolean): Record<string, string> {
  const resource = isQuery ? "graphql" : "core";
  const { limit, remaining, used, resetAt } = rate.read(resource);
  return {
    date: new Date(iso(world.now())).toUTCString(),
    "x-ratelimit-limit": String(limit),
    "x-ratelimit-remaining": String(remaining),
    "x-ratelimit-used": String(used),
    "x-ratelimit-reset": String(Math.ceil(resetAt / 1000)),
    "x-ratelimit-resource": resource,
    "x-oauth-scopes": "repo, read:org, workflow",
  };
}
