import type { CallToolResult } from "@modelcontextprotocol/server";
import { isObject } from "../../../base/json.ts";
import { stripControls } from "../../../base/text.ts";
import { escaped } from "../../program/output.ts";

/** A JSON Schema, as an object. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What came of one call. */
export interface Answer {
  /** Exit code of the contract. */
  readonly exit: number;
  /** What the command wrote on stderr, a line each. */
  readonly messages: readonly string[];
  /** Members of the command's document. */
  readonly document: Readonly<Record<string, unknown>>;
  /** Whether the command could not do what it was asked. */
  readonly failed: boolean;
}

/** An answer as a client gets it: as an object, and the same as text for a model. Nothing in it is unseen. */
export function resultOf({ exit, messages, document, failed }: Answer): CallToolResult {
  const structuredContent = { exit, messages: messages.map(stripControls), ...seen(document) };
  return {
    content: [{ type: "text", text: escaped(JSON.stringify(structuredContent)) }],
    structuredContent,
    ...(failed ? { isError: true } : {}),
  };
}

/** A document without control characters: what its JSON text escapes stands raw in an object. */
export function seen(document: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(document).map(([key, value]) => [stripControls(key), seenValue(value)]));
}

function seenValue(value: unknown): unknown {
  if (typeof value === "string") return stripControls(value);
  if (Array.isArray(value)) return value.map(seenValue);
  return isObject(value) ? seen(value) : value;
}
