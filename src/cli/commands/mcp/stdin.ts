import { ProtocolErrorCode, parseJSONRPCMessage } from "@modelcontextprotocol/server";

/** The longest line that is read, in bytes. */
export const LONGEST_LINE = 8 << 20;
const NEWLINE = 0x0a;

/** Where lines go that are no message, and what happens at the end. */
export interface Reading {
  /** Writes one message of its own. */
  readonly answer: (message: object) => void;
  /** Awaited when there is no more to read, before the lines end. */
  readonly ended: () => Promise<void>;
}

/**
 * The lines of standard input that hold a message of the protocol, each with its newline. Others are answered as JSON-RPC wants it,
 * where the official server would pass them over in silence: no JSON, a batch (of which the protocol has none any more), no
 * message, a line of more than {@link LONGEST_LINE} bytes.
 */
export async function* messageLines(input: AsyncIterable<Uint8Array>, reading: Reading): AsyncGenerator<Buffer> {
  for await (const line of linesOf(input)) {
    const problem = line === null ? TOO_LONG : problemOf(line.toString("utf8"));
    if (problem) reading.answer(problem);
    else if (line !== null && line.length > 1) yield line;
  }
  await reading.ended();
}

/** Lines with their newline; null stands for one that is too long. */
async function* linesOf(input: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer | null> {
  let parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of input) {
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      const part = chunk.subarray(from, at + 1);
      yield length + part.length > LONGEST_LINE ? null : Buffer.concat([...parts, part]);
      parts = [];
      length = 0;
      from = at + 1;
    }
    const rest = chunk.subarray(from);
    length += rest.length;
    if (length > LONGEST_LINE) parts = [];
    else if (rest.length > 0) parts.push(rest);
  }
  // The last line may have no end.
  if (length > 0) yield length > LONGEST_LINE ? null : Buffer.concat([...parts, Buffer.from("\n")]);
}

/** What is wrong with a line, as the message that says it; null for a message or an empty line. */
function problemOf(line: string): object | null {
  if (line.trim() === "") return null;
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return error(ProtocolErrorCode.ParseError, "Cannot read this line: wanted one JSON object");
  }
  if (Array.isArray(value))
    return error(ProtocolErrorCode.InvalidRequest, "Cannot take a batch: wanted one message a line");
  try {
    parseJSONRPCMessage(value);
    return null;
  } catch {
    return error(ProtocolErrorCode.InvalidRequest, "Cannot take this line: it is no JSON-RPC message", idOf(value));
  }
}

const TOO_LONG = error(ProtocolErrorCode.InvalidRequest, `Cannot take a line of more than ${LONGEST_LINE} bytes`);

/** The id to answer to: that of a request which is malformed otherwise. */
function idOf(value: unknown): string | number | null {
  const id = typeof value === "object" && value !== null && "id" in value ? value.id : null;
  return typeof id === "string" || typeof id === "number" ? id : null;
}

function error(code: number, message: string, id: string | number | null = null): object {
  return { jsonrpc: "2.0", id, error: { code, message } };
}
