import { isObject } from "../../base/json.ts";
import type { Call } from "./protocol.ts";

const MAX_DEPTH = 3;
const MAX_VALUE = 16 * 1024;
/** Linux refuses to start a program whose environment is too large; the request on stdin is always whole. */
const MAX_ALL = 64 * 1024;

/**
 * The request as variables, for shells without a JSON reader: `P9_CALL`, `P9_REQUEST_REF`, `P9_PIN_IDENTITY_ID`,
 * `P9_OPTIONS_MAX_AGE`. Texts, numbers, true and false; long texts are clipped.
 */
export function requestEnv(call: Call): Readonly<Record<string, string>> {
  const env: Record<string, string> = {};
  let size = 0;
  const put = (value: unknown, name: string, depth: number): void => {
    if (isObject(value)) {
      if (depth >= MAX_DEPTH) return;
      for (const [key, one] of Object.entries(value)) put(one, `${name}_${upper(key)}`, depth + 1);
    } else if (["string", "number", "boolean"].includes(typeof value)) {
      const text = String(value).replaceAll("\0", "").slice(0, MAX_VALUE);
      size += name.length + text.length;
      if (size <= MAX_ALL) env[name] = text;
    }
  };
  for (const [key, value] of Object.entries(call)) if (key !== "config") put(value, `P9_${upper(key)}`, 1);
  return env;
}

/** `dataDir` and `max-age` as `DATA_DIR` and `MAX_AGE`. */
function upper(key: string): string {
  return key
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .toUpperCase();
}
