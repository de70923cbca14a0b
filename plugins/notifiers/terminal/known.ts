import type { Env } from "../../../src/plugin.ts";
import type { Form } from "./sequences.ts";

/** What terminals set in the environment, first match first. Those that are not here, or that show no notices, get the bell. */
const BY_ENVIRONMENT: readonly (readonly [name: string, value: RegExp, form: Form])[] = [
  // What runs within the terminal and lets no sequence through.
  ["STY", /./, "bell"],
  ["ZELLIJ", /./, "bell"],
  ["KITTY_WINDOW_ID", /./, "osc99"],
  ["TERM", /^xterm-kitty$/, "osc99"],
  ["WEZTERM_PANE", /./, "osc777"],
  ["GHOSTTY_RESOURCES_DIR", /./, "osc777"],
  ["TERM", /^(?:xterm-ghostty|foot|foot-.*|contour.*)$/, "osc777"],
  ["TERM_PROGRAM", /^(?:WezTerm|ghostty|WarpTerminal)$/, "osc777"],
  ["TERM_PROGRAM", /^iTerm\.app$/, "osc9"],
  ["LC_TERMINAL", /^iTerm2$/, "osc9"],
];

/** What terminals answer when tmux asks for their name and version (XTVERSION), and their own names for terminfo. */
const BY_ANSWER: readonly (readonly [answer: RegExp, form: Form])[] = [
  [/^kitty|^xterm-kitty/i, "osc99"],
  [/^iTerm2/i, "osc9"],
  [/^WezTerm|^ghostty|^xterm-ghostty|^foot|^contour/i, "osc777"],
];

/** The form that the terminal of this environment understands, or null when nothing says which terminal it is. */
export function formFromEnv(env: Env): Form | null {
  return BY_ENVIRONMENT.find(([name, value]) => value.test(env[name] ?? ""))?.[2] ?? null;
}

/** The form for a terminal that says so of itself, or null when it is not known. */
export function formFromAnswer(answers: readonly string[]): Form | null {
  return BY_ANSWER.find(([answer]) => answers.some((text) => answer.test(text)))?.[1] ?? null;
}
