import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { vi } from "vitest";
import { timeLeft } from "../../../helpers/test-end.ts";
import { PushLab } from "../../../hooks/pushes/push-scenarios.ts";
import { type GitHub, startGitHub } from "../../../servers/github/mod.ts";
import { findClient, NAMESPACE } from "./client.ts";
import { Model } from "./model.ts";

// A client, its hooks and a driver start for each test: it takes up to half a minute alone.
vi.setConfig({ testTimeout: 180_000 });

const here = dirname(fileURLToPath(import.meta.url));
/** The repository's root, which is also the plugin's root. */
export const REPO = join(here, "../../../..");
/** Arguments that load this repository as a plugin. */
export const PLUGIN = ["--plugin-dir", REPO];
const PORT = "18080";
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

/** A fresh home, project, bare remote and scripted model: everything one client test needs, and nothing of the machine's. */
export class World {
  readonly root: string;
  readonly home: string;
  readonly project: string;
  /** The project's repository and its remote. */
  readonly lab: PushLab;
  readonly state: string;
  readonly model: Model;
  /** GitHub on loopback: what `gh` in the client's shells and in p9's driver speaks to. */
  github: GitHub | undefined;
  readonly #children = new Set<ChildProcess>();

  private constructor(root: string) {
    this.root = root;
    this.home = join(root, "home");
    this.state = join(root, "p9");
    this.lab = new PushLab(root, { home: this.home });
    this.project = this.lab.work;
    this.model = new Model(join(root, "model.sock"));
  }

  static async create(): Promise<World> {
    const world = new World(realpathSync(mkdtempSync(join(tmpdir(), "p9-claude-"))));
    mkdirSync(join(world.home, ".claude"), { recursive: true });
    world.writeClientConfig([world.project]);
    mkdirSync(join(world.root, "bin"));
    symlinkSync(join(REPO, "dist/p9.js"), join(world.root, "bin/p9"));
    world.github = await startGitHub();
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
  env(extra: Record<string, string> = {}): Record<string, string> {
    return {
      PATH: `${join(this.root, "bin")}:${process.env.PATH ?? "/usr/bin:/bin"}`,
      HOME: this.home,
      TERM: "xterm-256color",
      LANG: "C.UTF-8",
      SHELL: "/bin/bash",
      TMPDIR: this.root,
      IS_SANDBOX: "1",
      ANTHROPIC_BASE_URL: `http://127.0.0.1:${PORT}`,
      ANTHROPIC_API_KEY: "dummy",
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
      CLAUDE_CODE_DISABLE_OFFICIAL_MARKETPLACE_AUTOINSTALL: "1",
      DISABLE_AUTOUPDATER: "1",
      BROOMVA_P9_HOME: this.state,
      ...this.github?.env,
      ...extra,
    };
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
    this.#children.add(child);
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
    return [
      "unshare",
      [...NAMESPACE, "--", process.execPath, join(here, "inside.mjs"), PORT, socket, program, ...args],
    ];
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
    this.#children.add(child);
    return new ClientStream(child, !args.includes("--input-format"), () => this.#seen());
  }

  git(args: readonly string[], cwd = this.project): string {
    return execFileSync("git", args, { cwd, env: this.env(), encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  }

  /** Commits one new file; returns the commit's sha. */
  commit(subject: string, cwd = this.project): string {
    writeFileSync(join(cwd, `${subject.replace(/\W+/g, "-")}.txt`), subject);
    this.git(["add", "-A"], cwd);
    this.git(["commit", "-q", "-m", subject], cwd);
    return this.git(["rev-parse", "HEAD"], cwd).trim();
  }

  /** What hooks could not do. */
  notes(): string {
    const path = join(this.state, "logs/hooks.log");
    return existsSync(path) ? readFileSync(path, "utf8") : "";
  }

  /** The events in p9's log. */
  events(): Record<string, unknown>[] {
    const path = join(this.state, "state.jsonl");
    if (!existsSync(path)) return [];
    const lines = readFileSync(path, "utf8").split("\n").filter(Boolean);
    return lines.map((line) => JSON.parse(line));
  }

  /** Turns p9 on for everything below the world's folder. */
  policy(text = "ci_watch:\n  enabled: true\nci_heal:\n  enabled: true\n"): void {
    this.write(".control/policy.yaml", text);
  }

  write(path: string, text: string): void {
    const full = join(this.root, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, text);
  }

  /** What p9 and the model saw until now, for the message of a test that waits in vain. */
  #seen(): string {
    const news = this.model.requests.map((request) => request.news.slice(-200));
    return `p9's log: ${JSON.stringify(this.events())}\nhooks: ${this.notes()}\nthe model's news: ${JSON.stringify(news)}`;
  }

  /** Ends every process this world started, then removes it. */
  async destroy(): Promise<void> {
    for (const child of this.#children) if (child.exitCode === null && child.pid) endTree(child.pid);
    for (const pid of strays(this.root)) endTree(pid);
    await this.model.close();
    await this.github?.stop();
    rmSync(this.root, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
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

/** Waits until `ready` holds, looking every 50 ms, at most until shortly before the limit of the test. */
export async function until(ready: () => boolean, what: () => string): Promise<void> {
  const end = Date.now() + timeLeft();
  while (!ready()) {
    if (Date.now() > end) throw new Error(`Waited in vain for ${what()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function endTree(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // Gone already.
  }
}

/** Processes whose environment names this world: drivers and hooks that outlived their client. */
function strays(root: string): number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 1 && pid !== process.pid && environmentOf(pid).includes(`BROOMVA_P9_HOME=${root}/`));
}

function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8");
  } catch {
    return "";
  }
}
