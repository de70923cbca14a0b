import { type DeliverContext, defineNotifier, ObservationError, oneLine } from "../../src/plugin.ts";

/** Exit code of a command that asks to be run again (sysexits.h, EX_TEMPFAIL). */
const TEMPORARY_FAILURE = 75;
const DEFAULT_TIMEOUT_S = 15;

/**
 * Runs a program with the notice as one JSON document on its standard input. The command comes from the user's own configuration
 * or was trusted; nothing of the notice is part of the command line.
 */
export default defineNotifier({
  name: "command",
  summary: "Run a program with the notice as JSON on its standard input",
  options: {
    cmd: { type: "string", description: "Command line, run by sh" },
    argv: { type: "strings", description: "Program and arguments, run without a shell" },
    timeout: { type: "duration", default: DEFAULT_TIMEOUT_S, description: "Time that it may take" },
  },
  timeoutS: 60,
  async deliver(notice, context) {
    const argv = commandOf(context);
    const { timeout } = context.options;
    const seconds = typeof timeout === "number" && timeout > 0 ? timeout : DEFAULT_TIMEOUT_S;
    const { id, kind, title, body, severity, url = null, payload = {}, event = null } = notice;
    const result = await context.exec(argv, {
      cwd: context.cwd,
      env: context.env,
      input: `${JSON.stringify({ id, kind, title, body, severity, url, payload, event })}\n`,
      timeoutMs: seconds * 1000,
      maxBytes: 64 * 1024,
      signal: context.signal,
    });
    if (result.code === 0) return;
    const name = oneLine(argv.at(-1) ?? "", 80);
    if (result.notFound) throw new Error(`Cannot run "${name}": ${oneLine(result.stderr, 120)}`);
    if (result.timedOut) throw new Error(`The command "${name}" took longer than ${seconds} s`);
    const said = oneLine(result.stderr.trim().split("\n").at(-1) ?? "", 160);
    const text = `The command "${name}" ended with ${result.code ?? result.signal}${said ? `: ${said}` : ""}`;
    throw result.code === TEMPORARY_FAILURE ? new ObservationError(text) : new Error(text);
  },
});

function commandOf(context: DeliverContext): readonly string[] {
  const { argv, cmd } = context.options;
  if (Array.isArray(argv) && argv.length > 0) return argv.map(String);
  if (typeof cmd === "string" && cmd !== "") return ["sh", "-c", cmd];
  throw new Error('The command channel names no command: wanted "cmd" or "argv"');
}
