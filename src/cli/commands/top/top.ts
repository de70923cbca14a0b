import type { Command } from "@commander-js/extra-typings";
import { errorText } from "../../../core/errors.ts";
import { EXIT } from "../../../core/exit-codes.ts";
import { systemProcesses } from "../../../process/this-machine.ts";
import { followHome } from "../../../show/follow-home.ts";
import type { ShownWait } from "../../../show/shown-wait.ts";
import { SituationReader } from "../../../show/situation.ts";
import { type Paths, paths } from "../../../store/paths.ts";
import type { CommandModule, CommandRow } from "../../program/command-row.ts";
import type { Context } from "../../program/context.ts";
import { openAddress } from "../../show/browser.ts";
import { takeIn, watchDeps } from "../watch/watching.ts";
import { commandLine, pageOf, runCommand } from "./actions.ts";
import { Painter } from "./frame.ts";
import { OutputPane } from "./pane.ts";
import { Screen } from "./screen.ts";
import { Terminal } from "./terminal.ts";

/** How often times are drawn anew, and how often waits of dead watchers are taken in. */
const TICK_MS = 1000;
const TAKE_IN_MS = 30_000;

/** `p9 top`: a live view of all that p9 waits for. Its keys run commands of `rows`. */
export function topOf(rows: readonly CommandRow[]): CommandModule {
  return {
    register: (command: Command, context: Context) => {
      command.action(async () => {
        const store = await context.store();
        const { clock, env } = context;
        const reader = new SituationReader({ store, clock, env, processes: systemProcesses });
        if (context.json) return context.printJson(reader.read());
        await new Top(reader, rows, context).run();
      });
    },
  };
}

class Top {
  readonly #reader: SituationReader;
  readonly #paths: Paths;
  readonly #commands: readonly CommandRow[];
  readonly #context: Context;
  readonly #screen: Screen;
  readonly #terminal: Terminal;
  readonly #painter: Painter;
  readonly #end = new AbortController();
  /** The action that runs; one at a time. */
  #running: { readonly what: string; readonly isKept: boolean; readonly done: Promise<unknown> } | null = null;
  /** The page that says what a heal would do. */
  #offered: OutputPane | null = null;
  #error: unknown = null;
  #drawnAt = 0;
  #code: number = EXIT.ok;

  constructor(reader: SituationReader, commands: readonly CommandRow[], context: Context) {
    this.#reader = reader;
    this.#commands = commands;
    this.#context = context;
    this.#paths = paths(context.home);
    this.#terminal = new Terminal(context, {
      key: (key) => this.#guard(() => this.#screen.key(key)),
      changed: () => this.#redraw(),
      ended: (why) => this.#finish(why === "INT" ? EXIT.ok : EXIT.unknown),
      failed: (error) => this.#fail(error),
    });
    this.#painter = new Painter((text) => this.#terminal.write(text), context.color);
    this.#screen = new Screen(reader.read(), {
      quit: () => this.#finish(EXIT.ok),
      suspend: () => this.#terminal.suspend(),
      redraw: () => this.#redraw(),
      open: (wait) => this.#open(wait),
      why: (wait) => this.#show("why", wait),
      logs: (wait) => this.#show("logs", wait),
      dismiss: (wait) => this.#dismiss(wait),
      heal: (wait) => this.#heal(wait),
    });
  }

  /** Resolves when the user leaves, or the terminal goes away. */
  async run(): Promise<void> {
    const { signal } = this.#end;
    const over = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
    this.#terminal.open();
    this.#guard(() => {});
    followHome(this.#paths, () => this.#guard(() => this.#read()), signal);
    // What changed since the first picture was read.
    this.#guard(() => this.#read());
    const tick = setInterval(() => this.#tick(), TICK_MS);
    const dead = setInterval(() => void this.#takeIn(), TAKE_IN_MS);
    const first = setTimeout(() => void this.#takeIn(), TICK_MS);
    await over;
    clearInterval(tick);
    clearInterval(dead);
    clearTimeout(first);
    this.#terminal.close();
    if (this.#error !== null) throw this.#error;
    await this.#leaveRunning();
  }

  /** Does something and draws; what it throws ends the view. */
  #guard(act: () => void): void {
    if (this.#end.signal.aborted) return;
    try {
      act();
      if (this.#end.signal.aborted) return;
      const size = this.#terminal.size();
      this.#drawnAt = performance.now();
      this.#painter.paint(this.#screen.frame(size, this.#context.clock.now()), size.columns);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Times go on; what was drawn a moment ago is not drawn again. */
  #tick(): void {
    if (performance.now() - this.#drawnAt >= 0.8 * TICK_MS) this.#guard(() => {});
  }

  /** What cannot be read now is said; what was read last stays. */
  #read(): void {
    try {
      this.#screen.situation = this.#reader.read();
    } catch (error) {
      this.#screen.say(errorText(error), "bad");
    }
  }

  #redraw(): void {
    this.#painter.forget();
    this.#guard(() => {});
  }

  #finish(code: number): void {
    this.#code = code;
    this.#context.exit(code);
    this.#end.abort();
  }

  #fail(error: unknown): void {
    this.#error ??= error;
    this.#end.abort();
  }

  #open(wait: ShownWait) {
    const url = pageOf(wait);
    if (url === null) return this.#screen.say("It has no address to open", "warn");
    void openAddress(url, this.#context).then(({ said }) => this.#guard(() => this.#screen.say(said)));
  }

  /** Runs a command and shows what it prints. `after`: what is said below it when it went well. */
  #show(what: "why" | "logs" | "try" | "heal", wait: ShownWait, after: string | null = null): OutputPane | null {
    if (this.#isBusy()) return null;
    const args = commandLine(what, wait);
    const pane = new OutputPane(`p9 ${args.join(" ")}`, { wait }, what === "logs" ? "start" : "end");
    this.#screen.show(pane);
    this.#start(
      what,
      what === "heal",
      args,
      wait,
      (text) => this.#guard(() => pane.add(text)),
      (code) => {
        pane.end(code === EXIT.ok ? after : null);
        // Whoever went back is told all the same.
        if (this.#screen.pane !== pane) this.#screen.say(pane.lastLine, code === EXIT.ok ? "plain" : "warn");
        if (what === "heal") this.#read();
      },
    );
    return pane;
  }

  #dismiss(wait: ShownWait) {
    if (this.#isBusy()) return;
    let said = "";
    const print = (text: string) => {
      said += text;
    };
    this.#start("dismiss", true, commandLine("dismiss", wait), wait, print, (code) => {
      this.#screen.say(said.trim().split("\n")[0] ?? "", code === EXIT.ok ? "plain" : "bad");
      this.#read();
    });
  }

  /** The first time it says what it would do; on that page a second one does it. */
  #heal(wait: ShownWait) {
    if (this.#offered !== null && this.#screen.pane === this.#offered && this.#offered.after !== null) {
      this.#offered = null;
      this.#show("heal", wait);
      return;
    }
    this.#offered = this.#show("try", wait, "Press h again to do that, q to leave it");
  }

  #isBusy(): boolean {
    if (this.#running === null) return false;
    this.#screen.say(`${this.#running.what} still runs`, "warn");
    return true;
  }

  #start(
    what: string,
    isKept: boolean,
    args: readonly string[],
    { cwd }: ShownWait,
    print: (text: string) => void,
    ended: (code: number) => void,
  ): void {
    const done = runCommand(this.#commands, args, { cwd, print }, this.#context).then((code) => {
      this.#running = null;
      this.#guard(() => ended(code));
    });
    this.#running = { what, isKept, done };
  }

  /** What changes something is finished; what only asks is left. */
  async #leaveRunning(): Promise<void> {
    if (this.#running === null) return;
    // A request that nobody waits for would hold the process.
    if (!this.#running.isKept) process.exit(this.#code);
    try {
      this.#context.warn(`${this.#running.what} still runs; Ctrl-C stops it`);
    } catch {
      // The terminal is gone, and the same signal stops it.
    }
    await this.#running.done;
  }

  /** Re-arms the waits of dead watchers, as every command does that shows them. */
  async #takeIn(): Promise<void> {
    const quiet: Context = Object.create(this.#context, {
      warn: { value: (line: string) => this.#guard(() => this.#screen.say(line, "warn")) },
    });
    try {
      await takeIn(quiet, await watchDeps(quiet));
    } catch (error) {
      this.#guard(() => this.#screen.say(errorText(error), "warn"));
    }
  }
}
