import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { oneLine } from "../../base/text.ts";
import type { Env } from "../../contract/context.ts";
import { RefError, UnavailableError } from "../../contract/errors.ts";
import { ObservationError } from "../../core/observation.ts";
import { type PluginExit, runPluginProcess } from "./plugin-process.ts";
import { type Call, PROTOCOL } from "./protocol.ts";
import { type ModuleSide, moduleReader, programReader, type Reader } from "./readers.ts";
import { requestEnv } from "./request-env.ts";
import { moduleArgv, publicModules } from "./runtime.ts";
import { NO_ANSWER, PluginFault, type Target } from "./target.ts";

/** How to make one call. */
export interface CallOptions extends ModuleSide {
  readonly env: Env;
  readonly cwd: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Exit codes of a program; any other code but 0 is a failure of the plugin. */
const CODE = { ok: 0, refMeansNothing: 3, cannotAsk: 4 } as const;

/** Lines of its log that are kept from one call. */
const MAX_LOG_LINES = 200;

/**
 * Makes one call in a process of its own.
 *
 * @throws {PluginFault} when the plugin failed; {@link RefError}, {@link ObservationError} or {@link UnavailableError} when
 * the plugin itself said so.
 */
export async function callPlugin(target: Target, call: Call, options: CallOptions): Promise<Reader> {
  const isModule = target.type === "module";
  const token = isModule ? `p9-${randomUUID()} ` : "";
  const log = firstLines(options.log, MAX_LOG_LINES);
  const reader = isModule ? moduleReader(token, { ...options, log }) : programReader();
  const exit = await runPluginProcess({
    argv: isModule ? [...moduleArgv(), target.path, JSON.stringify(publicModules()), token] : [target.path],
    env: isModule ? options.env : { ...options.env, ...requestEnv(call) },
    cwd: existsSync(options.cwd) ? options.cwd : "/",
    request: JSON.stringify({ p9: PROTOCOL, ...call }),
    replies: isModule,
    timeoutMs: options.timeoutMs,
    signal: options.signal,
    onLine: reader.onLine,
    onLog: (line) => log("info", line),
  });
  if (!reader.done) refuseBadEnd(target, call, exit, options.timeoutMs);
  if (reader.noise !== null) {
    throw new PluginFault(target, `printed a line that is no JSON object: "${oneLine(reader.noise, 120)}"`);
  }
  if (reader.error) throw ownError(reader.error, target, call);
  if (!reader.done && (isModule || exit.code !== CODE.ok)) throw exitError(target, call, exit);
  return reader;
}

function refuseBadEnd(target: Target, { call }: Call, { ended, lastLog }: PluginExit, timeoutMs: number): void {
  if (ended === "cancelled") throw new PluginFault(target, `was stopped while it answered "${call}"`);
  if (ended === "timed out") throw new PluginFault(target, `${NO_ANSWER} "${call}" within ${timeoutMs / 1000} s`);
  if (ended === "flooded") throw new PluginFault(target, `printed too much while it answered "${call}"`);
  if (ended === "not started") throw new PluginFault(target, `cannot be started: ${lastLog}`);
}

/** Returns a contract error as the plugin's answer, and any other error as its fault. */
function ownError(error: Error, target: Target, { call }: Call): Error {
  if (error instanceof ObservationError && call === "discover") return new UnavailableError(error.message);
  if (error instanceof RefError || error instanceof ObservationError || error instanceof UnavailableError) return error;
  return new PluginFault(target, `failed in "${call}": ${oneLine(error.message, 300)}`);
}

function exitError(target: Target, { call }: Call, { code, signal, lastLog }: PluginExit): Error {
  if (target.type === "program" && code === CODE.refMeansNothing && call === "resolve") {
    return new RefError(lastLog || "The reference means nothing to it");
  }
  if (target.type === "program" && code === CODE.cannotAsk) {
    const why = lastLog || `Plugin "${target.label}" cannot answer now`;
    return call === "discover" ? new UnavailableError(why) : new ObservationError(why);
  }
  const how = code === null ? `signal ${signal}` : `exit code ${code}`;
  return new PluginFault(target, `ended with ${how} before it answered "${call}"${lastLog ? `: ${lastLog}` : ""}`);
}

function firstLines(log: CallOptions["log"], max: number): CallOptions["log"] {
  let count = 0;
  return (level, text) => {
    count += 1;
    if (count <= max) log(level, text);
    if (count === max) log("warn", "… (what followed is not kept)");
  };
}
