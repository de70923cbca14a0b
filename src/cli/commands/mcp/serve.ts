import { Readable } from "node:stream";
import { StdioServerTransport, serveStdio } from "@modelcontextprotocol/server/stdio";
import type { Server } from "./call.ts";
import { createServer } from "./protocol.ts";
import { LONGEST_LINE, messageLines } from "./stdin.ts";

/** So long the last answers may take when the server ends, in ms. */
const LAST_MS = 5_000;

/** Serves the protocol on the process's standard input and output until the input ends, nobody reads, or the server is stopped. */
export async function serve(server: Server): Promise<void> {
  const calls = new Set<Promise<unknown>>();
  const { clock } = server.context;
  const drained = async () => {
    await takenIn();
    server.stop.abort();
    await atMost(LAST_MS, allSettled(calls), clock);
  };
  const answer = (message: object) => void process.stdout.write(`${JSON.stringify(message)}\n`);
  const lines = Readable.from(messageLines(process.stdin, { answer, ended: drained }), { objectMode: false });
  const transport = new StdioServerTransport(lines, process.stdout, { maxBufferSize: 4 * LONGEST_LINE });
  const over = new Promise<void>((resolve) => {
    for (const end of ["end", "close", "error"]) lines.once(end, () => resolve());
    process.stdout.once("error", () => resolve());
    server.stop.signal.addEventListener("abort", () => resolve(), { once: true });
  });
  // Each answer listens while it is written: Node would warn of a leak, where nobody reads any more.
  process.stdout.setMaxListeners(0);
  const handle = serveStdio(() => createServer(server, calls), { transport });
  await over;
  await drained();
  await handle.close();
  // They were told to stop, and put back what they took.
  await server.heals.settled();
}

/** Resolves when the requests that were read last have become calls. */
async function takenIn(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

async function allSettled(calls: ReadonlySet<Promise<unknown>>): Promise<void> {
  while (calls.size > 0) await Promise.allSettled(calls);
}

async function atMost(ms: number, work: Promise<unknown>, clock: Server["context"]["clock"]): Promise<void> {
  const done = new AbortController();
  await Promise.race([work.finally(() => done.abort()), clock.sleep(ms, done.signal)]);
}
