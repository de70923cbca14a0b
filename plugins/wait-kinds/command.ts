import { createHash } from "node:crypto";
import {
  defineWaitKind,
  type ExecResult,
  isObject,
  type LookResult,
  ObservationError,
  type OptionSpecs,
  type Options,
  oneLine,
  type Progress,
  RefError,
} from "../../src/plugin.ts";
import { jsonProgress } from "./build/progress.ts";

const LOOK_TIMEOUT_S = 120;

const options: OptionSpecs = {
  cmd: {
    type: "string",
    description: "shell command that answers: exit 0 done, 1 not yet, 2 and above failed",
    value: "command",
  },
  "fail-codes": {
    type: "strings",
    description: 'exit codes that mean "failed", as numbers and ranges; "none": every non-zero is not yet',
    value: "codes",
  },
  "look-timeout": {
    type: "duration",
    description: "time limit of one run of the command",
    default: LOOK_TIMEOUT_S,
    value: "time",
  },
};

/** Waits until a command says so, by its exit code. */
export default defineWaitKind({
  name: "command",
  summary: "a command that is run again and again until its exit code says done or failed",
  options,
  process: "own",
  repo: false,
  deadlineS: 3600,
  interval: { firstS: 5, maxS: 60 },
  // The command's own limit is `--look-timeout`.
  lookTimeoutS: 24 * 3600,
  async pin(request) {
    const cmd = typeof request.options.cmd === "string" ? request.options.cmd : null;
    if (!cmd?.trim() && request.argv.length === 0)
      throw new RefError('Cannot watch a command: wanted --cmd "…" or -- <cmd…>');
    failCodes(request.options);
    const words = cmd ?? request.argv.join(" ");
    const key = request.ref ?? createHash("sha256").update(words).digest("hex").slice(0, 16);
    return {
      ref: request.ref ?? wholeWords(words, 120),
      key: `command:${key}`,
      history: `command:${key}`,
      title: wholeWords(words, 500),
      identity: cmd === null ? { argv: request.argv } : { cmd },
      complete: true,
    };
  },
  async look({ pin, exec, cwd, env, options: given }) {
    const limitS = Number(given["look-timeout"] ?? LOOK_TIMEOUT_S);
    const { cmd, argv } = pin.identity;
    const line = typeof cmd === "string" ? ["/bin/sh", "-c", cmd] : Array.isArray(argv) ? argv.map(String) : [];
    const result = await exec(line, { cwd, env, timeoutMs: limitS * 1000, maxBytes: 1024 * 1024 });
    return judge(result, failCodes(given), limitS);
  },
});

function judge(result: ExecResult, failed: (code: number) => boolean, limitS: number): LookResult {
  const { code } = result;
  const said = lastLine(result.stderr) || lastLine(result.stdout);
  if (result.timedOut) throw new ObservationError(`The command took longer than ${limitS} s`);
  if (result.notFound || code === 127 || code === 126)
    throw new ObservationError(`The command cannot be run: ${said || "not found"}`);
  if (code === null || code === 124 || code > 128) {
    throw new ObservationError(`The command was ended by ${result.signal ?? `a signal (exit code ${code})`}`);
  }
  const progress = progressIn(result.stdout);
  if (code === 0)
    return { status: "succeeded", reason: `The command exited with 0${said ? `: ${said}` : ""}`, progress };
  if (failed(code)) {
    const lines = `${result.stdout}\n${result.stderr}`.split("\n").filter((line) => line.trim() !== "");
    const evidence = lines.slice(-15).map((text) => ({ text: text.slice(0, 500) }));
    return {
      status: "failed",
      reason: `The command exited with ${code}${said ? `: ${said}` : ""}`,
      progress,
      evidence,
    };
  }
  return { status: "running", reason: `Not yet (exit code ${code})${said ? `: ${said}` : ""}`, progress };
}

function progressIn(stdout: string): Progress | null {
  const line = stdout.trimEnd().split("\n").at(-1) ?? "";
  return jsonProgress(line);
}

/** The reason in the command's last line: its `state` or `phase` when it is JSON, else the line. */
function lastLine(text: string): string {
  const line = text.trimEnd().split("\n").at(-1) ?? "";
  try {
    const value: unknown = JSON.parse(line);
    if (isObject(value)) return oneLine(String(value.state ?? value.phase ?? ""));
  } catch {
    // Not JSON: a sentence.
  }
  return oneLine(line);
}

/** Which exit codes mean "failed": 2 and above, or what `--fail-codes` says (`3`, `2-9`, `none`). */
function failCodes(given: Options): (code: number) => boolean {
  const codes = given["fail-codes"];
  const texts = Array.isArray(codes) ? codes.map(String) : [];
  if (texts.length === 0) return (code) => code >= 2;
  if (texts.length === 1 && texts[0] === "none") return () => false;
  const ranges = texts.map((text) => {
    const match = /^(\d{1,3})(?:-(\d{1,3}))?$/.exec(text.trim());
    if (!match) throw new RefError(`Cannot use --fail-codes "${text}": wanted numbers or ranges such as 2-9, or none`);
    return [Number(match[1]), Number(match[2] ?? match[1])] as const;
  });
  return (code) => ranges.some(([low, high]) => code >= low && code <= high);
}

/** The beginning of a command line, cut between words: a token cut in two is not known as one, and would be shown. */
function wholeWords(words: string, max: number): string {
  return words.length <= max ? words : words.slice(0, max).replace(/ \S*$/, "");
}
