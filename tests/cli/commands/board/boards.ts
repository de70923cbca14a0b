import { appendFileSync, mkdirSync } from "node:fs";
import { type IncomingHttpHeaders, request } from "node:http";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import type { Transition } from "../../../../src/core/events.ts";
import type { Running, Sandbox } from "../../../helpers/p9.ts";
import { atTestEnd } from "../../../helpers/test-end.ts";
import { row } from "../../../stats/sample.ts";

/** A `p9 board` that runs. */
export interface TestBoard {
  readonly running: Running;
  readonly url: string;
  readonly port: number;
  readonly token: string;
}

/** Starts a board in a sandbox and waits for its address. */
export async function openBoard(
  box: Sandbox,
  runtime: "node" | "deno" = "node",
  args: readonly string[] = [],
): Promise<TestBoard> {
  const running = box.start(["board", ...args], { runtime });
  await running.until(/^http:\S+\n/);
  const url = running.stdout().split("\n")[0] ?? "";
  const { port, searchParams } = new URL(url);
  return { running, url, port: Number(port), token: searchParams.get("token") ?? "" };
}

/** An answer over HTTP. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Sends one request; the path goes as it is. */
export function ask(
  port: number,
  path: string,
  options: {
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
  } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { method = "GET", headers = {}, body } = options;
    const sent = request({ host: "127.0.0.1", port, path, method, headers, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
      response.on("error", reject);
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

/** Writes bytes on a connection of its own; resolves with all that came when the other side ends it. */
export function raw(port: number, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    let text = "";
    socket.setEncoding("utf8").on("data", (part: string) => {
      text += part;
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(text));
    socket.write(bytes);
  });
}

/** A page's stream of events. */
export interface TestStream {
  /** What came so far. */
  text(): string;
  until(pattern: RegExp): Promise<void>;
  readonly ended: Promise<void>;
  close(): void;
}

/** Opens the stream of events as a page does. */
export function openStream({ port, token }: Pick<TestBoard, "port" | "token">): Promise<TestStream> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, path: `/events?token=${token}`, agent: false }, (response) => {
      let text = "";
      const looks = new Set<() => void>();
      response.setEncoding("utf8").on("data", (part: string) => {
        text += part;
        for (const look of looks) look();
      });
      const ended = new Promise<void>((end) => response.once("close", () => end()));
      response.on("error", () => {});
      const until = (pattern: RegExp) =>
        new Promise<void>((found, lost) => {
          const look = () => {
            if (pattern.test(text)) found();
          };
          looks.add(look);
          look();
          void ended.then(() => lost(new Error(`Ended before ${pattern}: ${text.slice(-500)}`)));
        });
      resolve({ text: () => text, until, ended, close: () => sent.destroy() });
    });
    sent.on("error", reject);
    sent.end();
  });
}

/** Writes the rows of waits that ended; numbers from 1. */
export function writeEnded(box: Sandbox, count: number, more: Partial<Transition> = {}): void {
  mkdirSync(box.home, { recursive: true, mode: 0o700 });
  const state = more.to_state ?? "GREEN";
  for (let pr = 1; pr <= count; pr += 1) {
    const own = { ...more, pr, ref: `#${pr}` };
    const rows = [
      row(`w-${pr}`, Date.now() - 600_000, null, "PUSHED", { ...own, to_state: "PUSHED" }),
      row(`w-${pr}`, Date.now() - 600_000, "PUSHED", "WATCHING", { ...own, to_state: "WATCHING" }),
      row(`w-${pr}`, Date.now() - 300_000 + pr * 1000, "WATCHING", state, own),
    ];
    appendFileSync(join(box.home, "state.jsonl"), rows.map((one) => `${JSON.stringify(one)}\n`).join(""));
  }
}

/** A relay before a board, whose connections a test cuts. */
export interface Relay {
  readonly port: number;
  /** Ends every connection, and takes none until `mend` is called. */
  cut(): void;
  mend(): void;
}

/** Relays to a port of this machine. */
export async function openRelay(to: number): Promise<Relay> {
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((inner) => {
    if (isCut) return void inner.destroy();
    const outer = connect(to, "127.0.0.1");
    for (const [one, other] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      sockets.add(one);
      one.on("error", () => {});
      one.on("close", () => {
        sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const end = () => {
    for (const socket of sockets) socket.destroy();
  };
  atTestEnd(() => {
    end();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    cut: () => {
      isCut = true;
      end();
    },
    mend: () => {
      isCut = false;
    },
  };
}
