import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buildSchema, graphql } from "graphql";
import type { LinearData } from "./data.ts";
import { resolvers } from "./resolvers.ts";

/** A running Linear test server. */
export interface LinearServer {
  /** Value for `LINEAR_API_URL`. */
  url: string;
  /** Value for `LINEAR_API_KEY`. */
  key: string;
  data: LinearData;
  /** Every request that was answered, oldest first. */
  requests: { operation: string; query: string; variables: unknown; status: number }[];
  /** Makes the next requests fail: `rate` as Linear's rate limit, a number as that HTTP status, `drop` closes the connection. */
  failNext: ("rate" | "drop" | number)[];
  close(): Promise<void>;
}

const schema = buildSchema(readFileSync(new URL("./schema.graphql", import.meta.url), "utf8"));

/** Starts a server on loopback that executes the schema beside this file over `data`; it refuses unknown keys and wrong queries as Linear does. */
export async function startLinear(data: LinearData, options: { now?: () => Date } = {}): Promise<LinearServer> {
  const rootValue = resolvers(data, options.now);
  const server: LinearServer = {
    url: "",
    key: "lin_api_test0000000000000000",
    data,
    requests: [],
    failNext: [],
    close: async () => {},
  };
  const http = createServer((request, response) => {
    handle(server, rootValue, request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : undefined);
    });
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  http.unref();
  server.url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/graphql`;
  server.close = () =>
    new Promise((resolve) => {
      http.close(() => resolve());
      http.closeAllConnections();
    });
  return server;
}

async function handle(
  server: LinearServer,
  rootValue: object,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const reply = (status: number, body: unknown): void => {
    response.writeHead(status, { "content-type": "application/json; charset=utf-8" }).end(JSON.stringify(body));
  };
  const fail = (status: number, message: string, code: string, type: string): void => {
    server.requests.push({ operation: "", query: "", variables: null, status });
    reply(status, { errors: [{ message, extensions: { code, type, userError: true } }] });
  };
  const trouble = server.failNext.shift();
  if (trouble === "drop") return void response.destroy();
  if (trouble === "rate")
    return fail(400, "Rate limit exceeded. Only 2500 requests are allowed per 1 hour.", "RATELIMITED", "Ratelimited");
  if (trouble) return fail(trouble, "Internal server error", "INTERNAL_SERVER_ERROR", "internal error");
  const auth = request.headers.authorization;
  if (auth !== server.key && auth !== `Bearer ${server.key}`)
    return fail(401, "Authentication required, not authenticated", "AUTHENTICATION_ERROR", "authentication error");
  const { query, variables, operationName } = JSON.parse(Buffer.concat(chunks).toString("utf8")) as {
    query: string;
    variables?: Record<string, unknown>;
    operationName?: string;
  };
  const result = await graphql({ schema, source: query, rootValue, variableValues: variables, operationName });
  const status = result.errors && result.data === undefined ? 400 : 200;
  server.requests.push({
    operation: /(?:query|mutation)\s+(\w+)/.exec(query)?.[1] ?? "",
    query,
    variables: variables ?? null,
    status,
  });
  reply(status, result);
}
