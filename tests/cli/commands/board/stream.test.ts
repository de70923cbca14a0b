import { createServer, get, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { EventStream } from "../../../../src/cli/commands/board/stream.ts";
import { eventually } from "../../../helpers/p9.ts";
import { atTestEnd } from "../../../helpers/test-end.ts";

/** A response that is being written, and the reader at its other end. */
async function connected(): Promise<{ readonly response: ServerResponse; readonly reader: IncomingMessage }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const served = new Promise<ServerResponse>((resolve) => server.on("request", (_, response) => resolve(response)));
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    get({ port, agent: false }, resolve).on("error", reject);
  });
  const response = await served;
  response.writeHead(200);
  response.flushHeaders();
  const reader = await answered;
  reader.on("error", () => {});
  atTestEnd(() => {
    reader.destroy();
    server.close();
  });
  return { response, reader };
}

test("for a reader that takes nothing one value is held, and it gets the newest when it reads again", async () => {
  const { response, reader } = await connected();
  const stream = new EventStream(response, () => {});
  const value = (count: number) => `${count} ${"x".repeat(1 << 20)} end of ${count}\n`;
  // As many as no system keeps for a reader.
  for (let count = 1; count <= 200; count += 1) {
    stream.value(value(count));
    stream.passing("passing\n");
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(response.writableLength).toBeLessThan(3 << 20);
  let [text, bytes] = ["", 0];
  reader.setEncoding("utf8").on("data", (part: string) => {
    bytes += part.length;
    text = (text + part).slice(-100);
  });
  await eventually("the newest came", () => text.includes("end of 200"));
  expect(bytes).toBeLessThan(100 << 20);
});

test("a reader that goes is told of once", async () => {
  const { response, reader } = await connected();
  let gone = 0;
  const stream = new EventStream(response, () => {
    gone += 1;
  });
  reader.destroy();
  await eventually("it is gone", () => gone > 0);
  stream.value("more");
  stream.passing("more");
  expect(gone).toBe(1);
});
