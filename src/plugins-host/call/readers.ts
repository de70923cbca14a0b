import { isObject, type JsonObject } from "../../base/json.ts";
import { oneLine } from "../../base/text.ts";
import { type Ask, fromWire, type ModuleLine, toWire } from "./protocol.ts";

/** Collects the lines of a plugin's process. */
export interface Reader {
  /** The objects of a program's lines, or a module's one value. */
  readonly values: unknown[];
  memory: JsonObject | null;
  /** The plugin's own error. */
  error: Error | null;
  /** The first line that is no object. */
  noise: string | null;
  /** The answer is complete. */
  done: boolean;
  onLine(line: string, reply: (line: string) => void, stop: () => void): void;
}

/** What a module's process may ask and say beside its answer. */
export interface ModuleSide {
  readonly ask: (ask: Ask, args: readonly unknown[]) => Promise<unknown>;
  readonly log: (level: "info" | "warn", text: string) => void;
}

const EMPTY = { memory: null, error: null, noise: null, done: false } as const;

/** Reads the lines of a module, which carry a token so that other output cannot be mistaken for an answer. */
export function moduleReader(token: string, side: ModuleSide): Reader {
  const reader: Reader = {
    ...EMPTY,
    values: [],
    onLine(text, reply, stop) {
      if (!text.startsWith(token)) return side.log("info", oneLine(text, 500));
      const line = moduleLine(text.slice(token.length));
      if (line === null) return;
      if (line.type === "log") return side.log(line.level, oneLine(line.text, 500));
      if (line.type === "memory") {
        reader.memory = line.memory;
      } else if (line.type === "ask") {
        const { id } = line;
        side.ask(line.ask, line.args).then(
          (value) => reply(JSON.stringify({ type: "reply", id, value })),
          // Failed requests to p9 are observation errors for the plugin too, whatever their class.
          (error: unknown) =>
            reply(JSON.stringify({ type: "reply", id, error: { ...toWire(error), name: "ObservationError" } })),
        );
      } else {
        if (line.type === "value") reader.values.push(line.value);
        else reader.error = fromWire(line.error);
        reader.done = true;
        stop();
      }
    },
  };
  return reader;
}

/** Parses a line; null for one that was cut off by the end of its process. */
function moduleLine(text: string): ModuleLine | null {
  const line = parsed(text);
  return isObject(line) ? (line as ModuleLine) : null;
}

/** Reads the lines of a program, which prints only objects; `{"error": {"message": …}}` is an error answer. */
export function programReader(): Reader {
  const reader: Reader = {
    ...EMPTY,
    values: [],
    onLine(text) {
      const value = parsed(text);
      if (!isObject(value)) reader.noise ??= text;
      else if (isObject(value.error)) reader.error = programError(value.error);
      else reader.values.push(value);
    },
  };
  return reader;
}

function programError(error: Record<string, unknown>): Error {
  const { name = "ObservationError", message, retryAfterS, needs, lasting } = error;
  return fromWire({
    name: String(name),
    message: oneLine(String(message), 500),
    retryAfterS: typeof retryAfterS === "number" ? retryAfterS : undefined,
    needs: typeof needs === "string" ? needs : undefined,
    lasting: lasting === true,
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
