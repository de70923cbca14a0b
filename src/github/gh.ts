import type { Exec } from "../base/exec-types.ts";
import type { Json } from "../base/json.ts";
import { type GhAnswer, noAnswer } from "./classify.ts";

/** One request as `gh api` sends it. */
export interface GhRequest {
  /** Host to ask, always passed to gh. */
  readonly host: string;
  readonly method: string;
  /** `graphql`, or a REST path without a leading slash. */
  readonly path: string;
  readonly body?: Json;
  readonly maxBytes?: number;
}

/** Sends one request; rejects with `GitHubError` only when no HTTP answer came. */
export type Send = (request: GhRequest) => Promise<GhAnswer>;

/** Time limit of one request. */
const TIMEOUT_MS = 20_000;

/** Makes a {@link Send} that runs `gh`, with its configured login and proxy. */
export function throughGh(exec: Exec, env: Readonly<Record<string, string | undefined>>): Send {
  return async ({ host, method, path, body, maxBytes }) => {
    const input = body === undefined ? undefined : JSON.stringify(body);
    const stdin = input === undefined ? [] : ["--input", "-"];
    const argv = ["gh", "api", "--hostname", host, "--include", "--method", method, ...stdin, path];
    const result = await exec(argv, { env: quiet(env), input, timeoutMs: TIMEOUT_MS, maxBytes });
    const answer = result.timedOut ? null : parseAnswer(result.stdout);
    if (!answer) throw noAnswer(result);
    return answer;
  };
}

/** Removes variables that make `gh` colour or decorate its output. */
function quiet(env: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  const { GH_FORCE_TTY: _tty, CLICOLOR_FORCE: _colour, GH_DEBUG: _debug, DEBUG: _old, ...rest } = env;
  return { ...rest, NO_COLOR: "1", GH_PROMPT_DISABLED: "1", GH_NO_UPDATE_NOTIFIER: "1" };
}

/** Reads `HTTP/1.1 200 OK`, the header lines and the body that follow; null when the text is no HTTP answer. */
function parseAnswer(text: string): GhAnswer | null {
  const first = /^HTTP\/[\d.]+ (\d{3})[^\n]*\n/.exec(text);
  if (!first) return null;
  const headers: Record<string, string> = {};
  let at = first[0].length;
  while (at < text.length) {
    const end = text.indexOf("\n", at);
    const line = text.slice(at, end < 0 ? text.length : end).replace(/\r$/, "");
    at = end < 0 ? text.length : end + 1;
    if (line === "") break;
    const colon = line.indexOf(":");
    if (colon > 0) headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { status: Number(first[1]), headers, body: text.slice(at) };
}
