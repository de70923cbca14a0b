import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { missingForNamespace } from "../../support/namespace.ts";
import { Place } from "../../support/place.ts";
import type { Client, Line, McpServer } from "./client.ts";
import { programOf, runtimeOf } from "./install-clients.mjs";
import { ScriptedModel } from "./model.ts";

/** Why a client's tests cannot run here, or null. `P9_TEST_REQUIRE_CLIENT=1` (continuous integration) makes it an error. */
export function missingFor(name: string): string | null {
  const reasons = [missingForNamespace(), existsSync(programOf(name)) ? null : `${name} is not installed`];
  const why = reasons.filter((reason) => reason !== null).join("; ");
  if (why === "") return null;
  if (process.env.P9_TEST_REQUIRE_CLIENT === "1") throw new Error(`Cannot run the tests with ${name}: ${why}`);
  console.warn(`Skipping the tests with ${name} (P9_TEST_CLIENTS=${name} installs it): ${why}`);
  return why;
}

/** How one run of a client without a terminal ended. */
export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A place for one client, with its scripted model. */
export class ClientPlace extends Place {
  readonly client: Client;
  readonly model: ScriptedModel;

  private constructor(client: Client) {
    super(client.name);
    this.client = client;
    this.model = new ScriptedModel(join(this.root, "model.sock"));
  }

  /** `mcp`: servers that the client starts by itself, in the place's environment. */
  static async create(client: Client, mcp: readonly Omit<McpServer, "env">[] = []): Promise<ClientPlace> {
    const place = new ClientPlace(client);
    mkdirSync(place.home, { recursive: true });
    await place.open();
    symlinkSync(programOf(client.name), join(place.root, "bin", client.name));
    const env = place.env();
    client.settle(
      place,
      mcp.map((server) => ({ ...server, env })),
    );
    await place.model.listen();
    return place;
  }

  override env(extra: Record<string, string> = {}): Record<string, string> {
    return super.env({ ...this.client.env(this), ...extra });
  }

  get terminalArgs(): readonly string[] {
    return this.client.terminal?.args ?? [];
  }

  /** argv of the client's program alone with its loopback. */
  inside(args: readonly string[]): [string, string[]] {
    return this.alone([...runtimeOf(this.client.name), programOf(this.client.name), ...args], this.model.socket);
  }

  /** Starts the client for one prompt. */
  start(line: Line, cwd = this.project): { readonly child: ChildProcess; readonly ended: Promise<Run> } {
    const [program, argv] = this.inside(line.args);
    const child = spawn(program, argv, { cwd, env: this.env(line.env), stdio: ["ignore", "pipe", "pipe"] });
    this.children.add(child);
    const text = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const)
      child[name].setEncoding("utf8").on("data", (part: string) => {
        text[name] += part;
      });
    const ended = new Promise<Run>((resolve) => child.once("close", (code) => resolve({ code, ...text })));
    return { child, ended };
  }

  /** Runs one prompt to its end. */
  headless(prompt: string): Promise<Run> {
    return this.start(this.client.headless(prompt)).ended;
  }

  /** What p9 and the model saw until now, for the message of a test that waits in vain. */
  seen(): string {
    const news = this.model.turns.map((turn) => turn.news.slice(-300));
    return `p9's log: ${JSON.stringify(this.events())}\nhooks: ${this.notes()}\nthe model's news: ${JSON.stringify(news)}`;
  }

  override async destroy(): Promise<void> {
    await super.destroy();
    await this.model.close();
  }
}
