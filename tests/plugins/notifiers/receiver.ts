import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { isObject, type JsonObject } from "../../../src/plugin.ts";

/** A request that the receiver got. */
export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly raw: string;
  /** The body when it is a JSON object, else `{}`. */
  readonly json: JsonObject;
  /** Status that it was answered with; null: it was cut off, or hangs. */
  answered: number | null;
  /** Whether the sender hung up before it had an answer. */
  hungUp: boolean;
}

/** How the receiver answers: a status, headers, a body; or it hangs, or cuts the connection. */
export type Answer =
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string }
  | "hang"
  | "cut";

/** A loopback server that keeps what it was sent; `answer` decides per request (default: 200). */
export async function startReceiver(answer: (request: Received, count: number) => Answer = () => ({ status: 200 })) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const raw = Buffer.concat(chunks).toString("utf8");
      const entry: Received = {
        path: request.url ?? "",
        headers: request.headers,
        raw,
        json: parsed(raw),
        answered: null,
        hungUp: false,
      };
      received.push(entry);
      const how = answer(entry, received.length);
      response.on("close", () => {
        entry.hungUp = entry.answered === null;
      });
      if (how === "hang") return;
      if (how === "cut") return void request.socket.destroy();
      entry.answered = how.status;
      response.writeHead(how.status, how.headers).end(how.body ?? "{}");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function parsed(raw: string): JsonObject {
  try {
    const value: unknown = JSON.parse(raw);
    return isObject(value) ? (value as JsonObject) : {};
  } catch {
    return {};
  }
}
