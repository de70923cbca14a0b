import { runOnTerminal } from "../../../process/exec.ts";
import { isAgent } from "../../program/agent.ts";
import type { Context } from "../../program/context.ts";
import { widthOf } from "../../show/text-width.ts";

/** Sequences of colours and links, which take no room. */
const UNSEEN = /\u001b\[[0-9;]*m|\u001b\]8;;[^\u001b]*\u001b\\/g;

/** Writes a text to stdout: through the user's pager where it is longer than the terminal that a person reads. */
export async function writePaged(text: string, context: Context): Promise<void> {
  const argv = pagerOf(text, context);
  const { env, place: cwd } = context;
  const own = { ...env, LESS: env.LESS ?? "FRX", LV: env.LV ?? "-c" };
  // One that is left early is no error; one that cannot be started shows nothing.
  if (argv === null || !(await runOnTerminal(argv, { input: text, env: own, cwd }))) context.stdout(text);
}

function pagerOf(text: string, context: Context): readonly string[] | null {
  const { env, columns, rows } = context;
  if (columns === null || rows === null || isAgent(env) || env.TERM === "dumb") return null;
  if (!isLonger(text, columns, rows - 1)) return null;
  const argv = (env.P9_PAGER ?? env.PAGER ?? "less").split(/\s+/).filter(Boolean);
  return argv.length === 0 || argv[0] === "cat" ? null : argv;
}

function isLonger(text: string, columns: number, rows: number): boolean {
  let used = 0;
  let from = 0;
  while (from < text.length && used <= rows) {
    const end = text.indexOf("\n", from);
    const line = text.slice(from, end < 0 ? text.length : end).replace(UNSEEN, "");
    used += Math.max(1, Math.ceil((line.length > columns * rows ? line.length : widthOf(line)) / columns));
    from = end < 0 ? text.length : end + 1;
  }
  return used > rows;
}
