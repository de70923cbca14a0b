import { createHash } from "node:crypto";
import { join } from "node:path";
import {
  type LookContext,
  type LookResult,
  type Pin,
  type PluginContext,
  RefError,
  type WaitRequest,
} from "../../../src/plugin.ts";
import { lastLines, readTail } from "./log.ts";
import { findProgram } from "./program.ts";
import { progressOf } from "./progress.ts";
import { claimRun, exitOf, pidOf, trampoline } from "./trampoline.ts";

/** Binds `build -- <cmd…>` to the command line in its directory. */
export function pinCommand(request: WaitRequest, { cwd }: PluginContext): Pin {
  const { argv } = request;
  if (!argv[0]) throw new RefError('Cannot watch a build without a command: wanted "p9 watch build -- <cmd…>"');
  const words = argv.join(" ");
  const key = createHash("sha256")
    .update(JSON.stringify([cwd, argv]))
    .digest("hex")
    .slice(0, 24);
  return {
    ref: request.ref ?? wholeWords(words, 120),
    key: `command:${key}`,
    title: wholeWords(words, 500),
    identity: { form: "command", argv, cwd },
    complete: true,
  };
}

/** Starts the command on its trampoline; a run that was started before is found again by its folder. */
export async function beginCommand(pin: Pin, context: LookContext): Promise<Pin> {
  const { argv, cwd, name } = identityOf(pin, context);
  const program = findProgram(name, cwd, context.env.PATH);
  if (!program) return { ...pin, identity: { ...pin.identity, missing: name } };
  const dir = join(context.dataDir(), context.waitId);
  const launch = () => {
    const env = { ...context.env, PWD: cwd };
    return context.processes.detach(trampoline(dir, [program, ...argv.slice(1)]), { cwd, env, log: context.logFile });
  };
  const started = claimRun(dir) ? null : await firstPid(dir, context);
  const pid = started ?? (exitOf(dir) === null ? await launch() : 0);
  const { start } = context.processes.inspect(pid);
  const boot = context.processes.bootId();
  return {
    ...pin,
    identity: { ...pin.identity, dir, pid, start, boot },
    process: { pid, start },
    log: context.logFile,
  };
}

/** Waits up to a second for the pid, which the trampoline writes first. */
async function firstPid(dir: string, { clock }: PluginContext): Promise<number | null> {
  for (let tries = 0; tries < 50; tries += 1) {
    const pid = pidOf(dir);
    if (pid !== null) return pid;
    await clock.sleep(20);
  }
  return null;
}

/** Looks at the run: its exit code, else its process. */
export function lookAtCommand({ pin, processes, logFile }: LookContext): LookResult {
  const { missing, dir, pid, start, boot } = pin.identity;
  if (typeof missing === "string") {
    return { status: "failed", reason: `The program "${missing}" does not exist or may not be run` };
  }
  const log = pin.log ?? logFile;
  const progress = progressOf(readTail(log));
  const code = exitOf(String(dir));
  if (code !== null) return ofExit(pin, code, log, progress);
  const now = processes.inspect(Number(pid));
  if (boot === processes.bootId() && now.state === "running" && now.start === start) {
    return { status: "running", reason: `${pin.ref} runs (pid ${pid})`, progress, log };
  }
  // It may have ended between reading the exit code and looking at the process.
  const late = exitOf(String(dir));
  if (late !== null) return ofExit(pin, late, log, progress);
  const why = boot === processes.bootId() ? "its process was killed" : "the machine was restarted";
  return { status: "unknown", reason: `${pin.ref} ended without an exit code: ${why}`, log, evidence: lastLines(log) };
}

function ofExit(pin: Pin, code: number, log: string, progress: LookResult["progress"]): LookResult {
  if (code === 0) return { status: "succeeded", reason: `${pin.ref} exited with 0`, progress, log };
  const how =
    code > 128 && code < 160 ? `was ended by signal ${code - 128} (exit code ${code})` : `exited with ${code}`;
  return {
    status: "failed",
    reason: `${pin.ref} ${how}`,
    progress,
    log,
    evidence: lastLines(log),
    extra: { exit_code: code },
  };
}

/** Ends the command's whole process group. */
export async function endCommand(pin: Pin, { processes }: PluginContext): Promise<void> {
  const { pid, start, boot } = pin.identity;
  if (typeof pid !== "number" || boot !== processes.bootId()) return;
  const now = processes.inspect(pid);
  if (now.state === "running" && now.start === start) await processes.endGroup(pid);
}

function identityOf(pin: Pin, context: PluginContext) {
  const { argv, cwd } = pin.identity;
  const words = Array.isArray(argv) ? argv.map(String) : [];
  return { argv: words, name: words[0] ?? "", cwd: typeof cwd === "string" ? cwd : context.cwd };
}

/** The beginning of a command line, cut between words: a token cut in two is not known as one, and would be shown. */
function wholeWords(words: string, max: number): string {
  return words.length <= max ? words : words.slice(0, max).replace(/ \S*$/, "");
}
