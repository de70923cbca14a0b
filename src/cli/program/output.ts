import { writeSync } from "node:fs";
import { isatty } from "node:tty";
import { DegradedError, errorCode, errorText } from "../../core/errors.ts";
import { withHosts } from "../../core/host-fields.ts";
import { shown } from "../../core/shown.ts";

/** A stream of the process as commands write to it. */
export interface Output {
  write(text: string): void;
  readonly isTTY: boolean;
  /** Width of the terminal; 80 where there is none. */
  columns(): number;
  /** Its height; 24 where there is none. */
  rows(): number;
  /** Aborted when the reader went away (`p9 events tail | head`): nothing more is written then. */
  readonly closed: AbortSignal;
}

/**
 * Standard output (1) or error (2), written synchronously and whole, so that output survives a kill. A closed pipe is no error; a
 * full one is waited for. What stderr does not take (a full disk, a terminal that is gone) is left out: it stops no command.
 */
export function openOutput(fd: 1 | 2): Output {
  const closed = new AbortController();
  return {
    isTTY: isatty(fd),
    columns: () => (fd === 1 ? process.stdout : process.stderr).columns || 80,
    rows: () => (fd === 1 ? process.stdout : process.stderr).rows || 24,
    closed: closed.signal,
    write(text) {
      let rest = Buffer.from(text, "utf8");
      while (rest.length > 0 && !closed.signal.aborted) {
        try {
          rest = rest.subarray(writeSync(fd, rest));
        } catch (error) {
          if (errorCode(error) === "EAGAIN") pause();
          else if (errorCode(error) === "EPIPE") closed.abort();
          else if (fd === 2) return;
          else throw new DegradedError(`Cannot write to stdout: ${errorText(error)}`, { cause: error });
        }
      }
    },
  };
}

/** Waits for the reader of a full non-blocking pipe. */
function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
}

/** Text whose words from outside are no report of p9's, for programs that search its output for one. */
export function withoutReport(text: string): string {
  return text.replaceAll(/P9-TERMINATION-REPORT(?=\s*\{)/gi, "P9 TERMINATION REPORT");
}

/** Whether to use colour: `NO_COLOR` and `FORCE_COLOR` first, else only on a terminal. */
export function wantsColor(env: Readonly<Record<string, string | undefined>>, isTTY: boolean): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== "0" && env.FORCE_COLOR !== "false";
  return isTTY && env.TERM !== "dumb";
}

/**
 * One JSON document with its newline, repositories as `repo` and `host`, texts without secrets. Control characters are escaped.
 * @param show what is left out of it; `p9 trust` shows exactly what is agreed to
 */
export function jsonDocument(value: unknown, show: (value: unknown) => unknown = (all) => shown(all)): string {
  return `${escaped(JSON.stringify(withHosts(show(value))))}\n`;
}

/** JSON text with every character escaped that a reader would not see. */
export function escaped(json: string): string {
  return json.replace(/[\u007f-\u009f\u2028\u2029\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, (char) =>
    [...Array(char.length).keys()].map((at) => `\\u${char.charCodeAt(at).toString(16).padStart(4, "0")}`).join(""),
  );
}
