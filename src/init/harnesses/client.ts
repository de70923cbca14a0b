import { join } from "node:path";
import type { Harness, HarnessName, HookEvent } from "../../harness/harness.ts";
import { HookEdit, type SettingsChange } from "../hook-edit.ts";
import { type Finder, harnessCommand } from "../wiring.ts";

/** A user's environment. */
export type Env = Readonly<Record<string, string | undefined>>;

/** Whose files are meant. */
export interface Whose {
  readonly env: Env;
  /** The project's folder; null: the user's own. */
  readonly project: string | null;
}

/** What the user agreed to beside hooks. */
export interface Agreed {
  /** Settings that let an ended background command go on with an idle session. */
  readonly wake: boolean;
}

/** A file of the client that p9 adds to; the rest of it is the user's. */
export interface SharedFile {
  readonly path: string;
  /** @throws {SyntaxError} for a text that cannot be edited. */
  install(text: string, finder: Finder, agreed: Agreed): SettingsChange;
}

/** A file that is all p9's; it holds {@link OWN_MARK} or p9's commands. */
export interface OwnFile {
  readonly path: string;
  text(finder: Finder): string;
  readonly mode?: number;
}

/** Says in a file that p9 made it. */
export const OWN_MARK = "Written by p9 init";

/** Why a client does not run hooks that are there, and what to do. */
export interface Hindrance {
  readonly why: string;
  readonly mend: string;
}

/** How one client is set up. */
export interface ClientSetup {
  readonly name: HarnessName;
  /** As its makers call it. */
  readonly title: string;
  /** The folders of a user that the client makes: one that is there shows that the client is used. */
  folders(env: Env): readonly string[];
  /** Its programs on PATH, but for names that other programs have too. */
  readonly programs: readonly string[];
  readonly files: (whose: Whose) => readonly (SharedFile | OwnFile)[];
  /** The client runs what a project holds without a question (facts/harnesses.md, 6). */
  readonly isUnasked?: true;
  /** What the user must do or know once the files are there. */
  readonly next?: string;
  /** Reads what the client itself has decided on hooks or on the folder; null: nothing is in the way, as far as can be read. */
  hindrance?(whose: Whose, cwd: string): Hindrance | null;
  /** Another way by which p9 is in this client, for people; null: none. */
  beside?(env: Env): string | null;
}

/** An event of a client that p9 answers. */
export interface HookRow {
  readonly event: string;
  readonly is: HookEvent;
  /** Seconds that the client is to give the hook. */
  readonly seconds: number;
  command(finder: Finder): string;
}

/** Half a second is enough; a machine under heavy load must not lose a push. Events in between have 30. */
const SECONDS: Partial<Record<HookEvent, number>> = { start: 60, end: 10 };

/** The events of a client's adapter that `takes` lets pass. */
export function hookRows(harness: Harness, takes: (event: string) => boolean = () => true): readonly HookRow[] {
  return Object.entries(harness.events)
    .filter(([event]) => takes(event))
    .map(([event, { is }]) => ({
      event,
      is,
      seconds: SECONDS[is] ?? 30,
      command: (finder) => harnessCommand(finder, harness.name, event),
    }));
}

/** Whether an event is about one call of a tool. */
export function isOfTool({ is }: HookRow): boolean {
  return is === "before-shell" || is === "after-shell";
}

/** Where and how a client's file holds its hooks. */
export interface HookShape {
  /** Where the events stand; default: in `hooks`. */
  readonly at?: readonly string[];
  /** What the file must hold beside them. */
  readonly frame?: Readonly<Record<string, unknown>>;
  entry(row: HookRow, finder: Finder): object;
}

/** A file that holds hooks by event. */
export function hooksFile(path: string, rows: readonly HookRow[], { at, frame = {}, entry }: HookShape): SharedFile {
  return {
    path,
    install(text, finder) {
      const edit = new HookEdit(text, at);
      for (const [key, value] of Object.entries(frame)) if (edit.value[key] === undefined) edit.set([key], value);
      for (const row of rows) edit.put(row.event, entry(row, finder));
      return edit.result();
    },
  };
}

/** A group with one handler, as in Claude Code's settings. `matcher`: of events of a tool. */
export function grouped(row: HookRow, finder: Finder, matcher: string): object {
  const handler = { type: "command", command: row.command(finder), timeout: row.seconds };
  return { ...(isOfTool(row) ? { matcher } : {}), hooks: [handler] };
}

/** A folder of the user's home. */
export function inHome({ HOME }: Env, path: string): string {
  return join(HOME || "/", path);
}

/** A folder of the user's configuration. */
export function inConfig(env: Env, path: string): string {
  return join(env.XDG_CONFIG_HOME || inHome(env, ".config"), path);
}
