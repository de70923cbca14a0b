import type { LogLine } from "./normalize.ts";

/** A unified diff that the step printed, and the files in it. */
export interface PrintedDiff {
  readonly at: number;
  readonly files: readonly string[];
  /** `git` for `diff --git`, else a formatter's own. */
  readonly by: "git" | "tool";
}

const HUNK =
  /^(?:[-+ @\\]|index [0-9a-f]|new file mode|deleted file mode|old mode|new mode|similarity index|rename |copy |Binary files |--- |\+\+\+ )/;
const CODE_FRAME = /^\s*(?:[>❯✘]\s*)?\d{1,6}\s*[|│┃]|^\s*[|│┃╵·][\s^~─·|_╰╯]*$/;
const STACK = /^\s+at (?:\S+ \(|async |file:|node:|\/|new )/;
const PASSED = /^\s*(?:✓|✔|√|PASS\b|ok \d|--- PASS|=== (?:RUN|CONT|PAUSE|NAME)|test .{1,300} \.\.\. ok$|# Subtest: )/;
/** A count of nothing, without another count of something that failed. */
const NOTHING =
  /^\W{0,6}(?:0|no) (?:files?|errors?|problems?|issues?|warnings?|violations?|offenses?|findings?|vulnerabilities|differences?|changes?)\b(?! \w+ (?:no|not)\b)(?!.{0,200}\b[1-9]\d* (?:failed|failures?|errors?|problems?|issues?|warnings?|violations?))(?!.{0,80}\b(?:specified|match|given|provided)\b)/i;
const COMMAND_ECHO = /^(?:\+{1,4} [\w./]|\$ \S)/;
/** npm, pnpm and nx name the script first and the command on the next line. */
const SCRIPT_ECHO = /^(?:❌ )?> (?:\S{1,100}@\S{1,60} \S|nx run \S)/;

/** A step's output as rules see it. */
export interface Masked {
  readonly lines: string[];
  readonly diffs: PrintedDiff[];
  /** The commands that the output echoes, and the lines on which it does. */
  readonly commands: string[];
  readonly commandsAt: number[];
}

const isSilent = (text: string): boolean =>
  PASSED.test(text) || CODE_FRAME.test(text) || STACK.test(text) || NOTHING.test(text);

/** Whether the line says that something passed, or counts nothing. */
export function saysNothingFailed(text: string): boolean {
  return PASSED.test(text) || NOTHING.test(text);
}

/** Empties the lines that rules must not match: quoted code, diffs, passing tests, counts of nothing, stacks and commands. */
export function mask(output: readonly LogLine[]): Masked {
  const lines: string[] = [];
  const diffs: { at: number; files: string[]; by: "git" | "tool" }[] = [];
  const commands: string[] = [];
  const commandsAt: number[] = [];
  let inDiff = false;
  let afterScript = 0;
  output.forEach(({ text, level }, index) => {
    if (text.startsWith("diff --git ")) {
      const open = diffs.at(-1);
      const file = text.slice(text.lastIndexOf(" b/") + 3);
      if (inDiff && open?.by === "git") open.files.push(file);
      else diffs.push({ at: index, files: [file], by: "git" });
      inDiff = true;
      lines.push("");
      return;
    }
    if (!inDiff && text.startsWith("--- ") && output[index + 1]?.text.startsWith("+++ ")) {
      diffs.push({ at: index, files: [output[index + 1]!.text.slice(4).split("\t")[0]!], by: "tool" });
      inDiff = true;
      lines.push(text);
      return;
    }
    if (inDiff && level === undefined && (text === "" || HUNK.test(text))) {
      lines.push(text.startsWith("+++ ") ? text : "");
      return;
    }
    inDiff = false;
    if (level === "group" && SCRIPT_ECHO.test(text)) afterScript = 4;
    if (level === "command" || level === "group" || level === "endgroup") {
      lines.push(level === "group" ? text : "");
      return;
    }
    if (SCRIPT_ECHO.test(text)) afterScript = 3;
    else if (afterScript > 0) afterScript--;
    if (COMMAND_ECHO.test(text) || (afterScript > 0 && /^(?:❌ )?> /.test(text))) {
      commands.push(text.replace(/^(?:\+{1,4}|(?:❌ )?>|\$) /, ""));
      commandsAt.push(index);
      lines.push("");
      return;
    }
    lines.push(isSilent(text) || level === "warning" ? "" : text);
  });
  return { lines, diffs, commands, commandsAt };
}
