import { existsSync } from "node:fs";
import {
  type DeliverContext,
  defineNotifier,
  type Env,
  type Notice,
  oneLine,
  stripControls,
  UnavailableError,
} from "../../src/plugin.ts";

/** A notification service that hangs is not waited for. */
const TIME_LIMIT_MS = 5_000;
const MAX_TITLE = 120;
const MAX_BODY = 400;

/** The texts are arguments of the script, never part of it. The first argument is no option, so that none after it is one. */
const APPLESCRIPT = [
  "on run argv",
  "display notification (item 3 of argv) with title (item 2 of argv)",
  "end run",
].flatMap((line) => ["-e", line]);

/**
 * Shows the notice on the desktop of the user who runs p9. It is tried once: a program that hung may have shown it, and one that
 * found no desktop will find none a minute later.
 */
export default defineNotifier({
  name: "desktop",
  summary: "Show a notice on this machine's desktop (notify-send, osascript)",
  options: {
    program: {
      type: "string",
      choices: ["notify-send", "osascript"],
      description: "Which program shows it; default: osascript on macOS, notify-send elsewhere",
    },
  },
  missing: async (context) => whyNot(context),
  async deliver(notice, context) {
    const problem = whyNot(context);
    if (problem !== null) throw new UnavailableError(problem, { absent: true });
    const program = programOf(context);
    const result = await context.exec(program === "osascript" ? osascript(notice) : notifySend(notice), {
      cwd: "/",
      env: withBus(context.env),
      timeoutMs: TIME_LIMIT_MS,
      maxBytes: 16 * 1024,
      signal: context.signal,
    });
    if (result.code === 0) return;
    if (result.timedOut) throw new Error(`${program} did not end within ${TIME_LIMIT_MS / 1000} s`);
    const said = oneLine(result.stderr.trim().split("\n").at(-1) ?? "", 160);
    throw new Error(`${program} ended with ${result.code ?? result.signal}${said ? `: ${said}` : ""}`);
  },
});

function programOf({ options }: Pick<DeliverContext, "options">): "notify-send" | "osascript" {
  const { program = process.platform === "darwin" ? "osascript" : "notify-send" } = options;
  return program === "osascript" ? "osascript" : "notify-send";
}

function notifySend({ title, body, severity }: Notice): string[] {
  const urgency = { info: "low", warning: "normal", error: "critical" }[severity];
  // notify-send reads "\n" and octal escapes in the body, and the service reads markup in it.
  const text = clipped(body).replaceAll("\\", "\\\\").replace(/[&<>]/g, escaped);
  return ["notify-send", "-a", "p9", "-u", urgency, "--", oneLine(title, MAX_TITLE) || "p9", text];
}

function osascript({ title, body }: Notice): string[] {
  return ["osascript", ...APPLESCRIPT, "p9", oneLine(title, MAX_TITLE) || "p9", clipped(body)];
}

function clipped(body: string): string {
  const text = stripControls(body).trim();
  return text.length <= MAX_BODY ? text : `${text.slice(0, MAX_BODY - 1)}…`;
}

const escaped = (sign: string) => (sign === "&" ? "&amp;" : sign === "<" ? "&lt;" : "&gt;");

/** Why nothing can be shown here, or null. */
function whyNot(context: DeliverContext): string | null {
  const program = programOf(context);
  if (!isOnPath(program, context.env))
    return `Cannot show notices on the desktop: "${program}" is not on PATH${program === "notify-send" ? " (package libnotify-bin or libnotify)" : ""}`;
  if (program === "notify-send" && busOf(context.env) === null)
    return "Cannot show notices on the desktop: no session bus is here (DBUS_SESSION_BUS_ADDRESS is not set)";
  return null;
}

function isOnPath(program: string, { PATH = "" }: Env): boolean {
  return PATH.split(":").some((folder) => folder.startsWith("/") && existsSync(`${folder}/${program}`));
}

/** The address of the user's session bus: a shell over ssh and a service know only where it lies. */
function busOf({ DBUS_SESSION_BUS_ADDRESS: given, XDG_RUNTIME_DIR: folder }: Env): string | null {
  if (given) return given;
  const socket = `${folder || `/run/user/${process.getuid?.() ?? 0}`}/bus`;
  return existsSync(socket) ? `unix:path=${socket}` : null;
}

function withBus(env: Env): Env {
  const bus = busOf(env);
  return bus === null ? env : { ...env, DBUS_SESSION_BUS_ADDRESS: bus };
}
