import { isObject } from "../../../base/json.ts";
import { UsageError } from "../../../core/errors.ts";
import type { CommandRow } from "../../program/command-row.ts";
import { type Context, type ContextOptions, createContext } from "../../program/context.ts";
import { reportFailure } from "../../program/failure.ts";
import type { Output } from "../../program/output.ts";
import { runWithin } from "../../within/run-within.ts";
import type { Answer } from "./answer.ts";
import type { Endings } from "./held/endings.ts";
import type { Heals } from "./held/heals.ts";

/** What the calls of one server share. */
export interface Server {
  /** The commands of p9. */
  readonly rows: readonly CommandRow[];
  /** The context of `p9 mcp` itself. */
  readonly context: Context;
  readonly endings: Endings;
  readonly heals: Heals;
  /** Aborted when the server ends; whoever notices first does it. */
  readonly stop: AbortController;
}

/** One call of a tool. */
export interface Call {
  readonly server: Server;
  /** The session that it belongs to; null: the kept default. */
  readonly session: string | null;
  /** Aborted when nobody wants its answer any more, and when the server ends. */
  readonly signal: AbortSignal;
  /** Tells the client how far it is; it does nothing where the client did not ask. */
  progress(seconds: number, ofSeconds: number, message: string): void;
}

/** Runs a command line of p9 for a call. Never rejects. */
export async function runLine(words: readonly string[], { server, session }: Call): Promise<Answer> {
  const said = new Said();
  const [command = "", ...rest] = words;
  const { code, failed } = await runWithin(server.rows, [command, ...rest], said.options(server, session));
  return said.answer(code, failed);
}

/** Runs `work` with the context of a command for a call; its errors are told as a command's. Never rejects. */
export async function runWork(
  { server, session }: Call,
  work: (context: Context) => Promise<Omit<Answer, "messages" | "failed">>,
): Promise<Answer> {
  const said = new Said();
  const context = createContext({ argv: [], rest: null }, said.options(server, session));
  context.json = true;
  try {
    const { exit, document } = await work(context);
    return { ...said.answer(exit, false), document };
  } catch (error) {
    return said.answer(reportFailure(error, context), true);
  }
}

/** What one command says. */
class Said {
  #stdout = "";
  #stderr = "";

  /** How a command runs that says it here. */
  options({ context, stop }: Server, session: string | null): ContextOptions {
    const { env, place: cwd, clock, exec } = context;
    const own = session === null ? {} : { BROOMVA_P9_SESSION: session };
    return {
      env: { ...env, ...own, NO_COLOR: "1", P9_PAGER: "" },
      cwd,
      clock,
      exec,
      stop: stop.signal,
      stdin: noInput,
      stdout: outputTo((text) => {
        this.#stdout += text;
      }),
      stderr: outputTo((text) => {
        this.#stderr += text;
      }),
    };
  }

  answer(exit: number, failed: boolean): Answer {
    const lines = this.#stderr.split("\n").map((line) => line.replace(/^p9: /, "").trim());
    const messages = lines.filter((line) => line !== "" && !line.startsWith("P9-TERMINATION-REPORT "));
    return { exit, messages, document: documentIn(this.#stdout), failed };
  }
}

/** The document of a command that printed one; one that found nothing prints `null`. */
function documentIn(text: string): Record<string, unknown> {
  if (text.trim() === "") return {};
  try {
    const document: unknown = JSON.parse(text);
    if (isObject(document)) return document;
    return document === null ? { empty: true } : { rows: document };
  } catch {
    return { text };
  }
}

function noInput(): never {
  throw new UsageError('Cannot read "-": a tool has no standard input, wanted the text itself');
}

function outputTo(write: (text: string) => void): Output {
  return { write, isTTY: false, columns: () => 80, rows: () => 24, closed: new AbortController().signal };
}
