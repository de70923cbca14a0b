import type { Exec, ExecResult } from "../../src/process/exec.ts";
import { type Handled, handle, type Seen } from "../servers/github/serve/handle.ts";
import type { World } from "../servers/github/world.ts";

const ended = (code: number, stdout: string, stderr = ""): ExecResult => {
  return { code, signal: null, stdout, stderr, timedOut: false, truncated: false, notFound: false };
};

/**
 * Stands in for `gh api --include` where ten thousand pull requests are watched on a clock of their own: the same request, answered by the same
 * server, without a process and a socket for each. Everything else runs for real.
 */
export function inProcessGh(world: World, seen: Seen[], run: Exec): Exec {
  return async (argv, options = {}) => {
    if (argv[0] !== "gh") return run(argv, options);
    const method = flagOf(argv, "--method") ?? "GET";
    const host = flagOf(argv, "--hostname");
    const body = options.input === undefined ? {} : JSON.parse(options.input);
    const reply = await handle(world, seen, { method, path: `/${argv.at(-1)}`, body, host });
    return textOf(reply);
  };
}

function textOf(reply: Handled): ExecResult {
  if (reply === "drop" || reply === "hang") return ended(1, "", "unexpected EOF");
  const { status, headers = {}, body } = reply;
  const lines = Object.entries({ "content-type": "application/json; charset=utf-8", ...headers });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return ended(status < 400 ? 0 : 1, `HTTP/2.0 ${status} \r\n${head}\r\n${text}`);
}

function flagOf(argv: readonly string[], flag: string): string | undefined {
  const at = argv.indexOf(flag);
  return at < 0 ? undefined : argv[at + 1];
}
