import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Reply } from "../rest/reply.ts";
import type { World } from "../world.ts";
import { handle, type Seen } from "./handle.ts";

/** An HTTP server over one world. Every request is noted in `seen`. */
export function createGitHubServer(world: World, seen: Seen[]): Server {
  return createServer((request, response) => {
    take(world, seen, request, response).catch((error: unknown) => {
      send(response, { status: 500, body: { message: `The test server failed: ${String(error)}` } });
    });
  });
}

async function take(world: World, seen: Seen[], request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { host, authorization } = request.headers;
  const body = await readBody(request);
  const call = { method: request.method ?? "GET", path: request.url ?? "/", body, host, authorization };
  const reply = await handle(world, seen, call);
  if (reply === "drop") request.socket.destroy();
  else if (reply !== "hang") send(response, reply);
}

function send(response: ServerResponse, { status, body, headers }: Reply): void {
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
