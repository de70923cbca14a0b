import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { timeLeft } from "../../../helpers/test-end.ts";

/** One thing the scripted model says. */
export type Block =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "tool_use"; readonly id?: string; readonly name: string; readonly input: object };

/** One request that the client sent to the Messages API. */
export interface ModelRequest {
  readonly at: number;
  readonly model: string;
  readonly system: string;
  readonly messages: readonly { readonly role: string; readonly content: unknown }[];
  readonly tools: readonly string[];
  /** All text of the last messages since the model last spoke: what this request newly tells the model. */
  readonly news: string;
}

/** Answers one request; undefined leaves it to the script. */
export type Responder = (request: ModelRequest) => Block[] | undefined;

/** Says `text` and ends the turn. */
export const say = (text: string): Block[] => [{ type: "text", text }];
/** Runs one Bash command. */
export const bash = (command: string, extra: object = {}): Block[] => [
  { type: "tool_use", name: "Bash", input: { command, description: "run", ...extra } },
];

/** A scripted Messages API on a unix socket: each main-loop request takes the next step of the script. */
export class Model {
  /** Every request of a loop that has tools (the main agent and its subagents). */
  readonly requests: ModelRequest[] = [];
  /** Requests without tools: titles, summaries. */
  readonly side: ModelRequest[] = [];
  /** Paths asked for that are not the Messages API. */
  readonly other: string[] = [];
  /** Asked before the script; for subagents and for answers that depend on the request. */
  responder: Responder | undefined;
  readonly socket: string;
  #steps: Block[][] = [];
  #server: Server;
  #waiters: (() => void)[] = [];

  constructor(socket: string) {
    this.socket = socket;
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  listen(): Promise<void> {
    return new Promise((resolve) => this.#server.listen(this.socket, resolve));
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  /** Adds steps; when none are left the model says "ok" and ends its turn. */
  script(...steps: Block[][]): void {
    this.#steps.push(...steps);
  }

  /** Steps not yet taken. */
  get left(): number {
    return this.#steps.length;
  }

  /** Resolves when `count` requests have been seen in all. */
  async seen(count: number): Promise<void> {
    const end = Date.now() + timeLeft();
    while (this.requests.length < count) {
      const left = end - Date.now();
      if (left <= 0) throw new Error(`The model saw ${this.requests.length} requests, wanted ${count}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#waiters.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (request.method !== "POST" || !request.url?.startsWith("/v1/messages")) {
      this.other.push(`${request.method} ${request.url}`);
      response.writeHead(404, { "content-type": "application/json" }).end('{"error":{"type":"not_found_error"}}');
      return;
    }
    const body = JSON.parse(Buffer.concat(chunks).toString("utf8")) as Record<string, unknown>;
    if (request.url.includes("count_tokens")) {
      response.writeHead(200, { "content-type": "application/json" }).end('{"input_tokens":100}');
      return;
    }
    const parsed = read(body);
    const main = parsed.tools.length > 0;
    (main ? this.requests : this.side).push(parsed);
    const blocks = main ? (this.responder?.(parsed) ?? this.#steps.shift() ?? say("ok")) : say("title");
    reply(response, body.stream === true, parsed.model, blocks);
    for (const wake of this.#waiters.splice(0)) wake();
  }
}

function read(body: Record<string, unknown>): ModelRequest {
  const messages = (body.messages ?? []) as ModelRequest["messages"];
  const tools = ((body.tools ?? []) as { name?: string }[]).map((tool) => tool.name ?? "");
  const lastSpoken = messages.map((message) => message.role).lastIndexOf("assistant");
  const news = messages.slice(lastSpoken + 1).map((message) => textOf(message.content));
  return {
    at: Date.now(),
    model: String(body.model),
    system: textOf(body.system),
    messages,
    tools,
    news: news.join("\n"),
  };
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.map((block: { text?: string; content?: unknown }) => block.text ?? textOf(block.content)).join("\n");
}

let counter = 0;

function reply(response: ServerResponse, stream: boolean, model: string, blocks: Block[]): void {
  const usage = { input_tokens: 100, output_tokens: 10, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 };
  const stop_reason = blocks.some((block) => block.type === "tool_use") ? "tool_use" : "end_turn";
  const content = blocks.map((block) =>
    block.type === "text" ? block : { ...block, id: block.id ?? `toolu_scripted_${++counter}` },
  );
  const message = { id: `msg_${++counter}`, type: "message", role: "assistant", model, stop_sequence: null, usage };
  if (!stream) {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ ...message, content, stop_reason }));
    return;
  }
  response.writeHead(200, { "content-type": "text/event-stream" });
  const send = (data: { type: string; [key: string]: unknown }) =>
    response.write(`event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`);
  send({ type: "message_start", message: { ...message, content: [], stop_reason: null } });
  content.forEach((block, index) => {
    const tool = block.type === "tool_use";
    const start = tool ? { ...block, input: {} } : { type: "text", text: "" };
    const delta = tool
      ? { type: "input_json_delta", partial_json: JSON.stringify(block.input) }
      : { type: "text_delta", text: block.text };
    send({ type: "content_block_start", index, content_block: start });
    send({ type: "content_block_delta", index, delta });
    send({ type: "content_block_stop", index });
  });
  send({ type: "message_delta", delta: { stop_reason, stop_sequence: null }, usage });
  send({ type: "message_stop" });
  response.end();
}
