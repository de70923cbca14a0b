import { shellQuote } from "../base/shell-quote.ts";
import type { HookAnswer, HookCall, HookEvent } from "../harness/harness.ts";
import { callHook } from "./hook-process.ts";
import { Untold } from "./untold.ts";
import { watchWakeFile } from "./wake-file.ts";

/** Where a session of pi runs. */
export interface PiPlace {
  readonly id: string;
  readonly cwd: string;
  /** A person is there. */
  readonly attended: boolean;
}

/** Most characters of a command's output that a hook is given: git's report of a push is at its end. */
const MAX_OUTPUT = 20_000;

/** One session of pi, in p9's words. */
export class PiSession {
  readonly #place: PiPlace;
  readonly #goOn: (text: string) => void;
  readonly #untold = new Untold();
  #exports = "";
  #busy = false;
  #waking = false;
  #stopWatching = () => {};

  /** `goOn` has pi start a turn with a text of p9, after the one that runs. */
  constructor(place: PiPlace, goOn: (text: string) => void) {
    this.#place = place;
    this.#goOn = goOn;
  }

  async start(source: string): Promise<void> {
    const { env = {}, context, watchPaths } = await this.#call("start", { source });
    const words = Object.entries(env).map(([name, value]) => `${name}=${shellQuote(value)}`);
    this.#exports = words.length === 0 ? "" : `export ${words.join(" ")}\n`;
    this.#untold.keep("prompt", context);
    const [wake] = watchPaths ?? [];
    if (wake) this.#stopWatching = watchWakeFile(wake, () => void this.#wake(wake));
  }

  /** What the model is told beside a prompt; null: nothing. */
  async prompt(text: string): Promise<string | null> {
    this.#busy = true;
    this.#untold.keep("prompt", (await this.#call("prompt", { text })).context);
    return this.#untold.take("prompt");
  }

  turnBegins(): void {
    this.#busy = true;
  }

  /** A command as it is to run, or why it may not. */
  async beforeShell(command: string): Promise<{ readonly command: string } | { readonly deny: string }> {
    const { deny, context } = await this.#call("before-shell", { command });
    if (deny) return { deny };
    this.#untold.keep("shell", context);
    return { command: this.#exports + command };
  }

  /** What the model is told with a command's output; null: nothing. */
  async afterShell(command: string, output: string): Promise<string | null> {
    const own = command.startsWith(this.#exports) ? command.slice(this.#exports.length) : command;
    const { context } = await this.#call("after-shell", { command: own, output: output.slice(-MAX_OUTPUT) });
    this.#untold.keep("shell", context);
    return this.#untold.take("shell");
  }

  /** At the end of a turn, goes on where p9 has something to say. */
  async turnEnds(): Promise<void> {
    this.#busy = false;
    const answer = await this.#call("stop", {});
    if (answer.continue) this.#goOn(answer.continue);
  }

  async end(): Promise<void> {
    this.#stopWatching();
    await this.#call("end", { reason: "other" });
  }

  /** Something ended: an idle session goes on with it; one at work hears of it by its next hook. */
  async #wake(file: string): Promise<void> {
    if (this.#busy || this.#waking) return;
    this.#waking = true;
    const { wake } = await this.#call("notify", { file }).finally(() => {
      this.#waking = false;
    });
    if (wake) this.#goOn(wake);
  }

  #call(event: HookEvent, call: Partial<HookCall>): Promise<HookAnswer> {
    const { id, cwd, attended } = this.#place;
    return callHook("pi", event, { session: id, cwd, attended, pid: process.pid, ...call });
  }
}
