import { resolve } from "node:path";
import {
  type LookContext,
  type LookResult,
  outsidePattern,
  type Pin,
  type PluginContext,
  RefError,
  type WaitRequest,
} from "../../../src/plugin.ts";
import { lastLines, readTail } from "./log.ts";
import { progressOf } from "./progress.ts";
import { readNumber } from "./trampoline.ts";

/** Binds `--pid N` to the process that has this number now: pid, start time and boot. */
export function pinProcess(request: WaitRequest, { processes, cwd }: PluginContext): Pin {
  const pid = Number(request.options.pid);
  const now = processes.inspect(pid);
  if (!Number.isInteger(pid) || pid <= 0 || now.state === "gone") {
    throw new RefError(`Cannot watch process "${request.options.pid}": there is no such process`);
  }
  const { "exit-file": exitFile, "log-ok": logOk, log } = request.options;
  if (typeof logOk === "string" && typeof log !== "string")
    throw new RefError("Cannot use --log-ok without --log: wanted the log to search");
  if (typeof logOk === "string") checkPattern(logOk);
  const path = typeof log === "string" ? resolve(cwd, log) : undefined;
  return {
    ref: request.ref ?? `pid ${pid}`,
    key: `pid:${pid}:${now.start}:${processes.bootId()}`,
    identity: {
      form: "process",
      pid,
      start: now.start,
      boot: processes.bootId(),
      exitFile: typeof exitFile === "string" ? resolve(cwd, exitFile) : null,
      logOk: typeof logOk === "string" ? logOk : null,
    },
    process: { pid, start: now.start },
    ...(path === undefined ? {} : { log: path }),
    complete: true,
  };
}

function checkPattern(pattern: string): void {
  try {
    new RegExp(pattern, "m");
  } catch (error) {
    throw new RefError(
      `Cannot use --log-ok "${pattern}": ${error instanceof Error ? error.message : "no regular expression"}`,
    );
  }
}

/** Looks at the process; once it is gone, its exit file or log decides. An unknown exit code is never success. */
export function lookAtProcess({ pin, processes }: LookContext): LookResult {
  const { pid, start, boot } = pin.identity;
  const now = processes.inspect(Number(pid));
  const same = boot === processes.bootId() && now.start === start;
  const progress = pin.log ? progressOf(readTail(pin.log)) : null;
  if (same && now.state === "running") return { status: "running", reason: `Process ${pid} runs`, progress };
  const left = leftBehind(pin) ?? (same && now.state === "zombie" ? (now.exitCode ?? null) : null);
  const log = pin.log === undefined ? {} : { log: pin.log, evidence: lastLines(pin.log) };
  if (left === true || left === 0) return { status: "succeeded", reason: `Process ${pid} ended well`, progress };
  if (typeof left === "number")
    return { status: "failed", reason: `Process ${pid} exited with ${left}`, progress, ...log };
  return { status: "unknown", reason: `Process ${pid} ended; its exit code is not known`, progress, ...log };
}

/** The exit code in `--exit-file`, or true when `--log-ok` matches the log. */
function leftBehind(pin: Pin): number | true | null {
  const { exitFile, logOk } = pin.identity;
  const code = typeof exitFile === "string" ? readNumber(exitFile) : null;
  if (code !== null) return code;
  return typeof logOk === "string" && pin.log && outsidePattern(logOk, "m").test(readTail(pin.log)) ? true : null;
}
