import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ClientOptions, until, type World } from "./world.ts";

const quote = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;

/** The interactive client in a terminal of its own (tmux), driven by keys and read by its screen. */
export class Tui {
  readonly #world: World;
  readonly #socket: string;

  constructor(world: World, options: ClientOptions = {}) {
    this.#world = world;
    this.#socket = join(world.root, `tmux-${Math.random().toString(36).slice(2, 8)}`);
    const [command, argv] = world.inside(["--dangerously-skip-permissions", ...(options.args ?? [])]);
    const launcher = join(world.root, "launch.sh");
    const exports = Object.entries(world.env(options.env)).map(([name, value]) => `export ${name}=${quote(value)}`);
    const run = `cd ${quote(options.cwd ?? world.project)} && exec ${[command, ...argv].map(quote).join(" ")}`;
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
      env: { ...this.#world.env(), TMUX: "" },
    });
  }
}
