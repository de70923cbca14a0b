import type { DeliverContext } from "../../../src/plugin.ts";

/** What tmux says of the terminal that it is shown in. */
export interface Tmux {
  /** Whether it hands sequences on to its terminal. */
  readonly passes: boolean;
  /** Whether its terminal is another tmux. */
  readonly isNested: boolean;
  /** What its terminal calls itself. */
  readonly answers: readonly string[];
}

const ASKED = ["version", "allow-passthrough", "client_termname", "client_termtype"];

/** Asks the tmux around this process, or null when it does not answer. */
export async function askTmux({
  exec,
  env,
  signal,
}: Pick<DeliverContext, "exec" | "env" | "signal">): Promise<Tmux | null> {
  const format = ASKED.map((name) => `#{${name}}`).join("\n");
  const target = env.TMUX_PANE ? ["-t", env.TMUX_PANE] : [];
  const argv = ["tmux", "display-message", "-p", ...target, format];
  const { code, stdout } = await exec(argv, { cwd: "/", env, timeoutMs: 1_500, maxBytes: 4_096, signal });
  if (code !== 0) return null;
  const [version = "", passthrough = "", name = "", type = ""] = stdout.split("\n");
  return {
    // Before tmux 3.3 there was no such option, and everything was handed on.
    passes: passthrough === "" ? Number.parseFloat(version) < 3.3 : !/^(?:off|0)$/.test(passthrough),
    isNested: /^(?:tmux|screen)/.test(name) || /^tmux/.test(type),
    answers: [type, name],
  };
}
