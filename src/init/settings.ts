import { isObject } from "../base/json.ts";
import { dropLocation } from "./harnesses/vscode.ts";
import { HookEdit, type SettingsChange } from "./hook-edit.ts";
import { chainedCommand, type HandlerGroup, isOurs, MARK } from "./wiring.ts";

/** What p9 wants in a settings file of Claude Code. */
export interface Wanted {
  readonly hooks: ReadonlyMap<string, HandlerGroup>;
  /**
   * Makes the command line that prints p9's status line, after the one that was there. Null: p9's is taken out, for a file that others
   * share. Undefined: the status line is left alone.
   */
  readonly statusline: ((chained: string | null) => string) | null | undefined;
}

/**
 * Puts p9's hooks and status line into the text of a settings file, keeping its comments, order, indentation and all other
 * entries. Idempotent.
 *
 * @throws {SyntaxError} naming line and column, or the key that has another shape than Claude Code documents.
 */
export function install(text: string, wanted: Wanted): SettingsChange {
  const edit = new HookEdit(text);
  for (const [event, group] of wanted.hooks) edit.put(event, group);
  if (wanted.statusline === null) dropStatusline(edit);
  else if (wanted.statusline !== undefined) installStatusline(edit, wanted.statusline);
  return edit.result();
}

/** Takes out of the text of any client's settings what p9 put in, and restores the status line that was there before. */
export function uninstall(text: string): SettingsChange {
  const edit = new HookEdit(text);
  edit.dropAll();
  dropStatusline(edit);
  dropLocation(edit);
  const { text: rest, done } = edit.result();
  // Some files have the events at their top.
  const bare = new HookEdit(rest, []);
  bare.dropAll();
  const last = bare.result();
  return { text: last.text, done: [...done, ...last.done] };
}

/** Says in the command that p9 added the refresh of a status line that had none, so that it goes again. */
const REFRESHED = "# refreshed ";
/** Without a refresh the client runs the line after messages only, and a session that waits would show what was true then. */
const REFRESH_S = 5;

const isRefreshedByUs = (command: string) => isOurs(command) && command.endsWith(REFRESHED + MARK);

function dropStatusline(edit: HookEdit): void {
  const { statusLine } = edit.value;
  if (!isObject(statusLine) || !isOurs(statusLine.command)) return;
  const command = String(statusLine.command);
  const chained = chainedCommand(command);
  if (chained === null) edit.set(["statusLine"], undefined);
  else {
    if (isRefreshedByUs(command)) edit.set(["statusLine", "refreshInterval"], undefined);
    edit.set(["statusLine", "command"], chained);
  }
  edit.say(chained === null ? "removed the status line" : "restored the status line that was there before");
}

function installStatusline(edit: HookEdit, line: (chained: string | null) => string): void {
  const { statusLine } = edit.value;
  if (!isObject(statusLine) || typeof statusLine.command !== "string") {
    const command = `${line(null)} ${MARK}`;
    edit.set(["statusLine"], { type: "command", command, padding: 0, refreshInterval: REFRESH_S });
    edit.say("added the status line");
    return;
  }
  const { command } = statusLine;
  const ours = isOurs(command);
  const isRefreshed = statusLine.refreshInterval !== undefined;
  const note = !isRefreshed || isRefreshedByUs(command) ? REFRESHED : "";
  const next = `${line(ours ? chainedCommand(command) : command)} ${note}${MARK}`;
  if (next === command && isRefreshed) return;
  edit.set(["statusLine", "command"], next);
  if (!isRefreshed) edit.set(["statusLine", "refreshInterval"], REFRESH_S);
  edit.say(ours ? "renewed the status line" : "chained the status line that was there: it is shown first");
}

/** Whether Claude Code itself would read the file: it ignores one with comments or trailing commas, and with it all its hooks. */
export function isPlainJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
