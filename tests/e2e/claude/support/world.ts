import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Place, PORT, REPO, until } from "../../support/place.ts";
import { findClient } from "./client.ts";
import { Model } from "./model.ts";

export { REPO, until };

/** Arguments that load this repository as a plugin. */
export const PLUGIN = ["--plugin-dir", REPO];
/** Where {@link World.command} reaches {@link World.registrySocket}. */
export const REGISTRY_URL = `http://127.0.0.1:${PORT}`;

/** A line of the client's stream-json output. */
export interface StreamEvent {
  readonly type: string;
  readonly subtype?: string;
  readonly session_id?: string;
  readonly result?: string;
  readonly [key: string]: unknown;
}

/** What a client run is given beside its prompt. */
export interface ClientOptions {
  readonly cwd?: string;
  readonly env?: Record<string, string>;
  readonly args?: readonly string[];
}

/** A place for the Claude Code client, with its scripted model. */
export class World extends Place {
  readonly terminalArgs = ["--dangerously-skip-permissions"];
  readonly model: Model;

  private constructor() {
    super("claude");
    this.model = new Model(join(this.root, "model.sock"));
  }

  static async create(): Promise<World> {
    const world = new World();
    mkdirSync(join(world.home, ".claude"), { recursive: true });
    world.writeClientConfig([world.project]);
    await world.open();
    await world.model.listen();
    return world;
  }

  /** Tells the client that its first-run questions are answered and these folders trusted. */
  writeClientConfig(folders: readonly string[]): void {
    const projects = Object.fromEntries(
      folders.map((folder) => [folder, { hasTrustDialogAccepted: true, hasCompletedProjectOnboarding: true }]),
    );
    writeFileSync(
      join(this.home, ".claude.json"),
      JSON.stringify({
        hasCompletedOnboarding: true,
        theme: "dark",
        bypassPermissionsModeAccepted: true,
        customApiKeyResponses: { approved: ["dummy"], rejected: [] },
        projects,
      }),
    );
  }

  /** Environment of the client, and of everything it starts. */
  override env(extra: Record<string, string> = {}): Record<string, string> {
    return super.env({
      IS_SANDBOX: "1",
      ANTHROPIC_BASE_URL: `http://127.0.0.1:${PORT}`,
      ANTHROPIC_API_KEY: "dummy",
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
      CLAUDE_CODE_DISABLE_OFFICIAL_MARKETPLACE_AUTOINSTALL: "1",
      DISABLE_AUTOUPDATER: "1",
      ...extra,
    });
  }

  /** Socket of the registry that the client's own commands are to reach. */
  get registrySocket(): string {
    return join(this.root, "npm.sock");
  }

  /** Runs a command of the client (`plugin install …`) to its end, joined to the registry; gives its output. */
  async command(...args: string[]): Promise<string> {
    const [program, argv] = this.inside(args, this.registrySocket);
    const npm = { npm_config_registry: REGISTRY_URL, npm_config_cache: join(this.root, "npm-cache") };
    const child = spawn(program, argv, { cwd: this.project, env: this.env(npm), stdio: ["ignore", "pipe", "pipe"] });
    this.children.add(child);
    let text = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
    const code = await new Promise((resolve) => child.once("close", resolve));
    if (code !== 0) throw new Error(`claude ${args.join(" ")} ended with ${code}: ${text}`);
    return text;
  }

  /** argv that runs `program` alone with its loopback, joined to the model (or another socket) by a relay. */
  inside(args: readonly string[], socket = this.model.socket): [string, string[]] {
    const program = findClient();
    if (program === undefined) throw new Error("Claude Code is not installed");
    return this.alone([program, ...args], socket);
  }

  /** Runs `claude -p` once and gives its events. */
  async headless(prompt: string, options: ClientOptions = {}): Promise<StreamEvent[]> {
    const stream = this.start(["-p", prompt, "--output-format", "stream-json", "--verbose"], options);
    await stream.ended;
    return stream.events;
  }

  /** Starts a client whose stdin takes stream-json messages. */
  stream(options: ClientOptions = {}): ClientStream {
    const args = ["-p", "--input-format", "stream-json", "--output-format", "stream-json", "--verbose"];
    return this.start(args, options);
  }

  private start(args: readonly string[], options: ClientOptions): ClientStream {
    const [command, argv] = this.inside([...args, "--dangerously-skip-permissions", ...(options.args ?? [])]);
    const child = spawn(command, argv, {
      cwd: options.cwd ?? this.project,
      env: this.env(options.env),
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.children.add(child);
    return new ClientStream(child, !args.includes("--input-format"), () => this.#seen());
  }

  /** What p9 and the model saw until now, for the message of a test that waits in vain. */
  #seen(): string {
    const news = this.model.requests.map((request) => request.news.slice(-200));
    return `p9's log: ${JSON.stringify(this.events())}\nhooks: ${this.notes()}\nthe model's news: ${JSON.stringify(news)}`;
  }

  override async destroy(): Promise<void> {
    await super.destroy();
    await this.model.close();
  }
}

/** A running client: its events as they come, and a way to speak to it. */
export class ClientStream {
  readonly events: StreamEvent[] = [];
  readonly ended: Promise<number>;
  stderr = "";
  readonly #child: ChildProcess;
  readonly #seen: () => string;
  #buffer = "";

  constructor(child: ChildProcess, closeInput: boolean, seen: () => string) {
    this.#child = child;
    this.#seen = seen;
    child.stdout?.setEncoding("utf8").on("data", (text: string) => this.#take(text));
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.stderr += text;
    });
    this.ended = new Promise((resolve) => child.on("close", (code) => resolve(code ?? -1)));
    if (closeInput) child.stdin?.end();
  }

  send(text: string): void {
    this.#child.stdin?.write(`${JSON.stringify({ type: "user", message: { role: "user", content: text } })}\n`);
  }

  /** Ends the conversation; resolves with the client's exit code. */
  close(): Promise<number> {
    this.#child.stdin?.end();
    return this.ended;
  }

  /** Number of turns that ended. */
  get turns(): number {
    return this.events.filter((event) => event.type === "result").length;
  }

  async turn(count: number): Promise<void> {
    await until(
      () => this.turns >= count,
      () => `turn ${count} of the client; it said: ${this.stderr}\n${this.#seen()}`,
    );
  }

  get sessionId(): string {
    return this.events.findLast((event) => event.session_id !== undefined)?.session_id ?? "";
  }

  #take(text: string): void {
    this.#buffer += text;
    const lines = this.#buffer.split("\n");
    this.#buffer = lines.pop() ?? "";
    for (const line of lines) if (line.startsWith("{")) this.events.push(JSON.parse(line) as StreamEvent);
  }
}
