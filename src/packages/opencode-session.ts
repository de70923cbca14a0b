import type { HookAnswer, HookCall, HookEvent } from "../harness/harness.ts";
import { callHook } from "./hook-process.ts";
import { Untold } from "./untold.ts";
import { watchWakeFile } from "./wake-file.ts";

/** What p9 asks of opencode's own client (@opencode-ai/sdk 1.18). */
export interface OpencodeClient {
  readonly session: {
    get(of: { path: { id: string } }): Promise<{ readonly data?: { readonly parentID?: string } }>;
    promptAsync(of: { path: { id: string }; body: { parts: readonly object[] } }): Promise<unknown>;
  };
}

/** Most characters of a command's output that a hook is given: git's report of a push is at its end. */
const MAX_OUTPUT = 20_000;
/** A turn that was asked for and has not begun after this time was dropped (anomalyco/opencode#32010). */
const BEGIN_MS = 5_000;
const MOST_PROMPTS = 3;
const LOOK_MS = 50;

/** One session of opencode, in p9's words. */
export class OpencodeSession {
  readonly #id: string;
  readonly #cwd: string;
  readonly #client: OpencodeClient;
  readonly #beginMs: number;
  readonly #untold = new Untold();
  #parent: Promise<string | null> | undefined;
  #started: Promise<HookAnswer> | undefined;
  #busy = false;
  /** A text that opencode was asked to go on with, until a prompt comes. */
  #asked: string | null = null;
  #stopWatching = () => {};
  #waking = false;

  /** `beginMs`: how long a turn that was asked for may take to begin. */
  constructor(id: string, cwd: string, client: OpencodeClient, { beginMs = BEGIN_MS } = {}) {
    this.#id = id;
    this.#cwd = cwd;
    this.#client = client;
    this.#beginMs = beginMs;
  }

  /** A session of a subagent: what it pushes counts, and its parent is told. */
  isChildOf(parent: unknown): void {
    this.#parent = Promise.resolve(typeof parent === "string" ? parent : null);
  }

  isBusy(busy: boolean): void {
    this.#busy = busy;
  }

  /** What the model is told beside a prompt; null: nothing. */
  async prompt(said: Pick<HookCall, "text" | "spoken">): Promise<string | null> {
    this.#busy = true;
    if (this.#asked !== null && said.text !== this.#asked) this.#untold.keep("prompt", this.#asked);
    this.#asked = null;
    await this.#start();
    this.#untold.keep("prompt", (await this.#call("prompt", said)).context);
    return this.#untold.take("prompt");
  }

  /** Variables of the session's commands. */
  async env(): Promise<Readonly<Record<string, string>>> {
    return (await this.#start()).env ?? {};
  }

  /** Why a command may not run; undefined: it may. */
  async beforeShell(command: string): Promise<string | undefined> {
    await this.#start();
    const { deny, context } = await this.#call("before-shell", { command });
    this.#untold.keep("shell", context);
    return deny;
  }

  /** What the model is told with a command's output; null: nothing. */
  async afterShell(command: string, output: string, exit?: number): Promise<string | null> {
    const { context } = await this.#call("after-shell", { command, output: output.slice(-MAX_OUTPUT), exit });
    this.#untold.keep("shell", context);
    return this.#untold.take("shell");
  }

  /** At the end of a turn, goes on where p9 has something to say. */
  async idle(): Promise<void> {
    this.#busy = false;
    const answer = await this.#call("stop", {});
    if (answer.continue) await this.#goOn(answer.continue);
  }

  async end(): Promise<void> {
    this.#stopWatching();
    await this.#call("end", { reason: "other" });
  }

  #start(): Promise<HookAnswer> {
    this.#started ??= this.#begin();
    return this.#started;
  }

  async #begin(): Promise<HookAnswer> {
    const answer = await this.#call("start", { source: "startup" });
    this.#untold.keep("prompt", answer.context);
    const [wake] = answer.watchPaths ?? [];
    if (wake) this.#stopWatching = watchWakeFile(wake, () => void this.#wake(wake));
    return answer;
  }

  /** Something ended: an idle session goes on with it; one at work hears of it by its next hook. */
  async #wake(file: string): Promise<void> {
    if (this.#busy || this.#waking) return;
    this.#waking = true;
    const { wake } = await this.#call("notify", { file }).finally(() => {
      this.#waking = false;
    });
    if (wake) await this.#goOn(wake);
  }

  /** Has opencode start a turn with a text of p9, which the session's next prompt confirms; what it drops every time waits for that one. */
  async #goOn(text: string): Promise<void> {
    const parts = [{ type: "text", text, synthetic: true }];
    this.#asked = text;
    for (let prompts = 0; prompts < MOST_PROMPTS && this.#asked === text; prompts++) {
      await this.#client.session.promptAsync({ path: { id: this.#id }, body: { parts } }).catch(() => {});
      for (let waited = 0; waited < this.#beginMs && this.#asked === text; waited += LOOK_MS)
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  async #call(event: HookEvent, call: Partial<HookCall>): Promise<HookAnswer> {
    const parent = await this.#parentId();
    const attended = !process.argv.includes("run");
    return callHook("opencode", event, {
      ...(parent === null ? { session: this.#id } : { parent, session: this.#id }),
      cwd: this.#cwd,
      attended,
      pid: process.pid,
      ...call,
    });
  }

  /** A session that is older than this process was created unseen. */
  #parentId(): Promise<string | null> {
    this.#parent ??= this.#client.session
      .get({ path: { id: this.#id } })
      .then(({ data }) => data?.parentID ?? null)
      .catch(() => null);
    return this.#parent;
  }
}
