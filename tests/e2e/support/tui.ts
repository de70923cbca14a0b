import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Place, until } from "./place.ts";

const quote = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;

/** A place whose client can be started at a terminal. */
interface TerminalPlace extends Pick<Place, "root" | "project" | "env"> {
  /** Arguments of every start at a terminal. */
  readonly terminalArgs: readonly string[];
  inside(args: readonly string[]): [string, string[]];
}

/** How the client is started. */
interface Options {
  readonly cwd?: string;
  readonly env?: Record<string, string>;
  readonly args?: readonly string[];
}

/** The interactive client in a terminal of its own (tmux), driven by keys and read by its screen. */
export class Tui {
  readonly #place: TerminalPlace;
  readonly #socket: string;

  constructor(place: TerminalPlace, options: Options = {}) {
    this.#place = place;
    this.#socket = join(place.root, `tmux-${Math.random().toString(36).slice(2, 8)}`);
    const [command, argv] = place.inside([...place.terminalArgs, ...(options.args ?? [])]);
    const launcher = join(place.root, "launch.sh");
    const exports = Object.entries(place.env(options.env)).map(([name, value]) => `export ${name}=${quote(value)}`);
    const run = `cd ${quote(options.cwd ?? place.project)} && exec ${[command, ...argv].map(quote).join(" ")}`;
    writeFileSync(launcher, `${exports.join("\n")}\n${run}\n`);
    this.#tmux(["new-session", "-d", "-x", "180", "-y", "50", `env -i sh ${quote(launcher)}`]);
    this.#tmux(["set-option", "-g", "remain-on-exit", "on"]);
  }

  /** What the terminal shows now. */
  screen(): string {
    return this.#tmux(["capture-pane", "-p"]);
  }

  keys(...keys: string[]): void {
    this.#tmux(["send-keys", ...keys]);
  }

  /** Types a message and sends it. */
  async submit(text: string): Promise<void> {
    this.#tmux(["send-keys", "-l", text]);
    const start = text.replace(/^!/, "").slice(0, 30);
    await until(
      () => this.screen().includes(start),
      () => `"${start}" in the input:\n${this.screen()}`,
    );
    this.keys("Enter");
  }

  async shows(text: string): Promise<void> {
    await until(
      () => this.screen().includes(text),
      () => `"${text}" on the screen:\n${this.screen()}`,
    );
  }

  /** Waits for the prompt, answering the one question a fresh home may ask. */
  async ready(): Promise<void> {
    await until(
      () => /^.?\s*❯/m.test(this.screen()) && !this.screen().includes("Yes, I accept"),
      () => `the prompt:\n${this.screen()}`,
    );
  }

  close(): void {
    try {
      this.#tmux(["kill-server"]);
    } catch {
      // Ended by itself.
    }
  }

  #tmux(args: readonly string[]): string {
    return execFileSync("tmux", ["-S", this.#socket, "-f", "/dev/null", ...args], {
      encoding: "utf8",
      env: { ...this.#place.env(), TMUX: "" },
    });
  }
}
