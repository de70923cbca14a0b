import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  formatDuration,
  isObject,
  type Json,
  type PluginContext,
  readSmallFile,
  UnavailableError,
} from "../../../src/plugin.ts";

const URL = "https://api.linear.app/graphql";
const DEFAULT_PAUSE_MS = 5 * 60_000;

/** One GraphQL request to Linear with the user's key, and its `data`. */
export type Linear = (query: string, variables: Readonly<Record<string, Json>>) => Promise<Record<string, unknown>>;

/**
 * Linear's API as `LINEAR_API_KEY` and `LINEAR_API_URL` name it. While Linear's rate limit lasts nothing is asked.
 *
 * @throws {UnavailableError} without a key, and when Linear cannot be asked now.
 */
export function openLinear({ env, fetch, clock, dataDir }: PluginContext): Linear {
  const key = env.LINEAR_API_KEY;
  if (!key) throw new UnavailableError("LINEAR_API_KEY is not set", { absent: true });
  const pauseFile = join(dataDir(), "rate-limit");
  const refusePause = () => {
    const left = readPause(pauseFile) - clock.now();
    if (left > 0) throw new UnavailableError(`Linear's rate limit is reached; again in ${formatDuration(left / 1000)}`);
  };
  return async (query, variables) => {
    refusePause();
    const answer = await fetch(env.LINEAR_API_URL || URL, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: authorization(key) },
      body: JSON.stringify({ query, variables }),
      timeoutMs: 8_000,
    }).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new UnavailableError(`Linear cannot be reached: ${reason}`, { cause: error });
    });
    const body = parse(answer.body);
    const problem = firstError(body);
    if (answer.status === 429 || problem?.code === "RATELIMITED") {
      writeFileSync(pauseFile, String(pauseUntil(answer.headers, clock.now())), { mode: 0o600 });
      refusePause();
    }
    if (answer.status === 401 || answer.status === 403) throw new UnavailableError("Linear refuses LINEAR_API_KEY");
    if (answer.status >= 500) throw new UnavailableError(`Linear answers with status ${answer.status}`);
    if (problem) throw new Error(`Linear refuses the query: ${problem.message}`);
    if (!isObject(body.data)) throw new UnavailableError(`Linear gave no data (status ${answer.status})`);
    return body.data;
  };
}

/** Personal keys go as they are, tokens of an OAuth application as a bearer. */
function authorization(key: string): string {
  return /^lin_oauth_/.test(key) ? `Bearer ${key}` : key;
}

function parse(text: string): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(text);
    return isObject(body) ? body : {};
  } catch {
    return {};
  }
}

function firstError(body: Record<string, unknown>): { message: string; code: unknown } | null {
  const error: unknown = Array.isArray(body.errors) ? body.errors[0] : undefined;
  if (!isObject(error)) return null;
  const code = isObject(error.extensions) ? error.extensions.code : undefined;
  return { message: typeof error.message === "string" ? error.message : "no reason given", code };
}

/** When asking makes sense again, on the local clock: the limit's own reset (ms since the epoch), `retry-after`, else five minutes. */
function pauseUntil(headers: Readonly<Record<string, string>>, now: number): number {
  const date = Date.parse(headers.date ?? "");
  const there = Number.isFinite(date) ? date : now;
  const after = Number(headers["retry-after"]) * 1000;
  const resets = ["x-ratelimit-requests-reset", "x-ratelimit-complexity-reset"].map((name) => Number(headers[name]));
  const reset = Math.max(...resets.filter((at) => at > there && at < there + 3_600_000), 0);
  return now + (reset > 0 ? reset - there : after > 0 ? after : DEFAULT_PAUSE_MS);
}

function readPause(path: string): number {
  try {
    return Number(readSmallFile(path)) || 0;
  } catch {
    return 0;
  }
}
