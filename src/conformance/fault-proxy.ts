import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { FAULTY_ANSWERS, type Fault } from "./faults.ts";

/** An HTTP proxy on loopback that answers every request with one fault, for programs, which make their own requests. */
export interface FaultProxy {
  readonly url: string;
  /** Requests that went through it. */
  count(): number;
  close(): void;
}

/** Proxies by fault. */
export type FaultProxies = Readonly<Partial<Record<Fault, FaultProxy>>>;

/** Starts one proxy for each fault that is an answer or none at all. They end with {@link FaultProxy.close}. */
export async function startFaultProxies(): Promise<FaultProxies> {
  const faults = ["offline", ...Object.keys(FAULTY_ANSWERS)] as Fault[];
  return Object.fromEntries(await Promise.all(faults.map(async (fault) => [fault, await start(fault)] as const)));
}

async function start(fault: Fault): Promise<FaultProxy> {
  const answer = FAULTY_ANSWERS[fault];
  let count = 0;
  const server = createServer((_, response) => {
    count += 1;
    if (answer) response.writeHead(answer.status, answer.headers).end(answer.body);
    else response.destroy();
  });
  // HTTPS cannot be answered in the server's name, so the tunnel is refused.
  server.on("connect", (_, socket) => {
    count += 1;
    socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    count: () => count,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
