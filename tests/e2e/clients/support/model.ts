import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { timeLeft } from "../../../helpers/test-end.ts";
import { answerOf, type Body, type Step, say, shellTool, type Tool, tool } from "./wire.ts";
import { chat } from "./wires/chat.ts";
import { gemini } from "./wires/gemini.ts";
import { responses } from "./wires/responses.ts";

/** A server that has not started after so many searches does not start. */
const MOST_SEARCHES = 100;
const WIRES = [responses, chat, gemini];

/** One turn of the agent that the model was asked for. */
export interface TurnRequest {
  readonly at: number;
  readonly tools: readonly string[];
  /** All text since the model last spoke: what this request newly tells it. */
  readonly news: string;
  /** All text of the request. */
  readonly all: string;
}

/** A scripted model on a unix socket, for every wire: each turn takes the next step of the script. */
export class ScriptedModel {
  /** Every turn of an agent, oldest first. */
  readonly turns: TurnRequest[] = [];
  /** Other requests: titles, lists of models; their paths. */
  readonly other: string[] = [];
  readonly socket: string;
  readonly #steps: Step[] = [];
  readonly #server = createServer((request, response) => void this.#serve(request, response));
  readonly #waiters: (() => void)[] = [];
  #searches = 0;
  /** What the script asked for and the client does not have. */
  problem: string | null = null;

  constructor(socket: string) {
    this.socket = socket;
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
  script(...steps: Step[]): void {
    this.#steps.push(...steps);
  }

  /** Resolves when `count` turns have been asked for in all. */
  async seen(count: number, what: () => string = () => ""): Promise<void> {
    await this.#until(
      () => this.turns.length >= count,
      () => `The model was asked ${this.turns.length} times, wanted ${count}. ${what()}`,
    );
  }

  /** Resolves with the news of the first turn that tells the model `text`. */
  async told(text: string, what: () => string = () => ""): Promise<string> {
    const telling = () => this.turns.find(({ news }) => news.includes(text));
    await this.#until(
      () => telling() !== undefined,
      () => `The model was not told "${text}". ${what()}`,
    );
    return telling()?.news ?? "";
  }

  async #until(ready: () => boolean, why: () => string): Promise<void> {
    const end = Date.now() + timeLeft();
    while (!ready()) {
      const left = end - Date.now();
      if (left <= 0 || this.problem !== null) throw new Error(this.problem ?? why());
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
    const path = request.url ?? "";
    const wire = request.method === "POST" ? WIRES.find((one) => one.matches(path)) : undefined;
    if (!wire) {
      this.other.push(`${request.method} ${path}`);
      const list = { object: "list", data: [{ id: "lab", object: "model" }], models: [] };
      const isList = path.includes("/models");
      response.writeHead(isList ? 200 : 404, { "content-type": "application/json" });
      response.end(JSON.stringify(isList ? list : {}));
      return;
    }
    const body: Body = JSON.parse(Buffer.concat(chunks).toString("utf8"));
    const answer = wire.answer(this.#next(wire.tools(body), wire.messages(body), path), body, path);
    const type = typeof answer === "string" ? "text/event-stream" : "application/json";
    response.writeHead(200, { "content-type": type });
    response.end(typeof answer === "string" ? answer : JSON.stringify(answer));
    for (const wake of this.#waiters.splice(0)) wake();
  }

  #next(
    tools: readonly Tool[],
    messages: readonly { role: string; text: string }[],
    path: string,
  ): ReturnType<typeof answerOf> {
    if (shellTool(tools) === undefined) {
      this.other.push(path);
      return { text: "title" };
    }
    const spoken = messages.map(({ role }) => role).lastIndexOf("model");
    const text = (list: typeof messages) => list.map((message) => message.text).join("\n");
    this.turns.push({
      at: Date.now(),
      tools: tools.map(({ name }) => name),
      news: text(messages.slice(spoken + 1)),
      all: text(messages),
    });
    try {
      const search = this.#searchFor(this.#steps[0], tools);
      return answerOf(search ?? this.#steps.shift() ?? say("ok"), tools);
    } catch (error) {
      this.problem = String(error);
      return { text: this.problem };
    }
  }

  /** droid offers a server's tools only once the model has searched for them, and the server has started. */
  #searchFor(step: Step | undefined, tools: readonly Tool[]): Step | null {
    const isThere = (name: string) => tools.some((one) => one.name.endsWith(name));
    if (step === undefined || !("tool" in step) || isThere(step.tool) || !isThere("ToolSearch")) return null;
    this.#searches += 1;
    return this.#searches > MOST_SEARCHES ? null : tool("ToolSearch", { query: step.tool, max_results: 10 });
  }
}
