import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { eventually, ROOT, type Sandbox } from "../../../helpers/p9.ts";
import { atTestEnd, timeLeft } from "../../../helpers/test-end.ts";

/** A terminal (of tmux) with a shell in it, in which a test types and at which it looks. */
export interface TestTerminal {
  /** What is on the screen now. `escapes`: with the sequences for colour. */
  screen(escapes?: boolean): string;
  /** Presses keys: characters, or tmux's names of keys. */
  press(...keys: string[]): void;
  type(text: string): void;
  /** Resolves when the screen matches. */
  until(pattern: RegExp): Promise<void>;
  resize(columns: number, rows: number): void;
  /** What tmux knows of the terminal: `alternate_on`, `cursor_flag`, `pane_title`. */
  ask(what: string): string;
  /** Pid of what the shell runs. */
  child(): number;
  kill(): void;
}

/** The command line of `p9 top` on a runtime. */
export function topOn(runtime: "node" | "deno"): string {
  if (runtime === "node") return `node ${join(ROOT, "dist/p9.js")} top`;
  const deno = join(ROOT, "node_modules/.bin/deno");
  return `${deno} run -A --quiet --node-modules-dir=manual ${join(ROOT, "src/main.ts")} top`;
}

/** Opens a terminal for a sandbox's user. */
export function openTerminal(
  box: Sandbox,
  {
    columns = 120,
    rows = 30,
    env = {},
  }: { readonly columns?: number; readonly rows?: number; readonly env?: Readonly<Record<string, string>> } = {},
): TestTerminal {
  const own = { ...box.env, ...env, TMUX_TMPDIR: box.dir, TERM: "xterm-256color" };
  const tmux = (...args: string[]) =>
    execFileSync("tmux", ["-f", "/dev/null", ...args], { env: own, cwd: box.work, encoding: "utf8", stdio: "pipe" });
  const size = ["-x", String(columns), "-y", String(rows)];
  tmux("new-session", "-d", ...size, 'env PS1="ready> " bash --norc --noprofile -i');
  tmux("set-option", "-g", "remain-on-exit", "off");
  const quietly = (...args: string[]) => {
    try {
      tmux(...args);
    } catch {
      // It is gone.
    }
  };
  atTestEnd(() => quietly("kill-server"));
  const ask = (what: string) => tmux("display-message", "-p", `#{${what}}`).trim();
  const screen = (escapes = false) => tmux("capture-pane", "-p", ...(escapes ? ["-e"] : []));
  return {
    screen,
    ask,
    press: (...keys) => void tmux("send-keys", ...keys),
    type: (text) => void tmux("send-keys", "-l", text),
    until: async (pattern) => {
      try {
        await eventually(`the screen shows ${pattern}`, () => pattern.test(screen()), Math.min(timeLeft(), 40_000));
      } catch (error) {
        throw new Error(`${error}\n${screen()}`);
      }
    },
    resize: (width, height) => void tmux("resize-window", "-x", String(width), "-y", String(height)),
    child: () => {
      const shell = Number(ask("pane_pid"));
      return Number(readFileSync(`/proc/${shell}/task/${shell}/children`, "utf8").trim().split(" ")[0]);
    },
    kill: () => quietly("kill-server"),
  };
}
