import { join } from "node:path";
import { isObject } from "../../../base/json.ts";
import { jsonProblem } from "../../../config/json-problem.ts";
import { readText } from "../../../init/files.ts";
import { isPlainJson } from "../../../init/settings.ts";
import { isOurs, MARK } from "../../../init/wiring.ts";
import { workTreeOf } from "../../../process/git.ts";
import { type Check, type Finding, ill, warned, well } from "./check.ts";
import { goneScript } from "./scripts.ts";

const DAY_MS = 86_400_000;
const MEND = "p9 init writes them anew";

/** Checks where Claude Code's hooks are set up, whether their scripts exist, and their last problem. */
export const hooks: Check = {
  name: "hooks",
  async run({ env, place: cwd, home, clock, exec }) {
    const root = (await workTreeOf({ exec, env, cwd })) ?? cwd;
    const user = env.CLAUDE_CONFIG_DIR || join(env.HOME || "/", ".claude");
    const files = [join(user, "settings.json"), join(root, ".claude/settings.json")];
    const { parse } = await import("jsonc-parser");
    const findings: Finding[] = [];
    const wired: string[] = [];
    for (const path of files) {
      const text = readText(path);
      const problem = jsonProblem(text ?? "");
      if (text !== null && problem !== null) {
        const detail = `"${path}" cannot be read: ${problem}; Claude Code ignores it, hooks and all`;
        // A file that p9 is not in keeps no hook of p9 from the client.
        findings.push((text.includes(MARK) ? ill : warned)("hooks", detail, "mend it by hand, then p9 init"));
        continue;
      }
      const commands = ourCommands(parse(text ?? "{}", [], { allowTrailingComma: true }));
      if (text === null || commands.length === 0) continue;
      wired.push(path);
      if (!isPlainJson(text))
        findings.push(
          ill(
            "hooks",
            `"${path}" has comments or trailing commas: Claude Code ignores it, hooks and all`,
            "take the comments and trailing commas out of it",
          ),
        );
      const gone = goneScript(commands);
      if (gone) findings.push(ill("hooks", `"${path}" names "${gone}", which is not there`, MEND));
    }
    if (findings.length > 0) return findings;
    const note = lastNote(home, clock.now());
    const lately = note === null ? "" : `; lately: ${note}`;
    if (wired.length > 0) return [(note === null ? well : warned)("hooks", `in ${wired.join(" and ")}${lately}`)];
    return [warned("hooks", `not in settings${lately}`, "p9 init sets them up, and so does the plugin")];
  },
};

function ourCommands(settings: unknown): string[] {
  const events = isObject(settings) && isObject(settings.hooks) ? Object.values(settings.hooks) : [];
  return events
    .flatMap((groups) => (Array.isArray(groups) ? groups : []))
    .flatMap((group: unknown) => (isObject(group) && Array.isArray(group.hooks) ? group.hooks : []))
    .flatMap((handler: unknown) => (isObject(handler) && isOurs(handler.command) ? [String(handler.command)] : []));
}

/** The last line of `logs/hooks.log`, when it is of the last day. */
function lastNote(home: string, now: number): string | null {
  const line = readText(join(home, "logs/hooks.log"))?.trim().split("\n").at(-1) ?? "";
  return now - Date.parse(line.split(" ")[0] ?? "") < DAY_MS ? line : null;
}
