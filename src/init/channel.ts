import { isObject } from "../base/json.ts";
import { schemaAddress } from "../config/schema-address.ts";
import { type FileChange, readText } from "./files.ts";

/** The change of `notify.json` that adds a channel. A file that has one, or that cannot be read, is left as it is. */
export function channelChange(path: string, type: string): FileChange {
  const text = readText(path);
  const before = text ?? "";
  const channels = before.trim() === "" ? [] : channelsOf(before);
  if (channels === null || channels.length > 0) return { path, text, done: [] };
  const after = `${JSON.stringify({ $schema: schemaAddress("notify"), channels: [{ type }] }, null, 2)}\n`;
  const change = { path, text: after, done: [`added the channel ${type}`] };
  return text === null ? { ...change, mode: 0o600 } : change;
}

/** The channels of a file without anything beside them, or null. */
function channelsOf(text: string): readonly unknown[] | null {
  try {
    const value: unknown = JSON.parse(text);
    if (!isObject(value) || !Array.isArray(value.channels)) return null;
    return Object.keys(value).every((key) => key === "channels" || key === "$schema") ? value.channels : null;
  } catch {
    return null;
  }
}
