// needs: git, time
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Random } from "../model/random.ts";
import { type Ground, ground } from "./ground.ts";
import { layTraps } from "./traps.ts";

const SOAK_MS = 10 * 60_000;
const FIRST = Number(process.env.P9_SEED ?? (process.env.P9_SOAK ? Date.now() % 1_000_000 : 1));

/** So many in the short form; one shows a seed alone. */
const COUNT = Number(process.env.P9_COUNT ?? 12);

/** The longest that a command may take, on a machine that has much to do. */
const LIMIT_MS = 45_000;

/** What an agent, a person and a client do with p9, none of which may have an effect for a repository that nobody trusts. */
const COMMANDS: readonly (readonly string[])[] = [
  ["status"],
  ["doctor"],
  ["trust"],
  ["trust", "--json"],
  ["plugin", "list"],
  ["wait-queue", "pop"],
  ["wait-queue", "list"],
  ["watch", "--dry-run"],
  ["watch", "index-sync", "docs", "--timeout", "2"],
  ["watch", "index-sync", "run", "--timeout", "2"],
  ["watch", "deploy", "--timeout", "2"],
  ["watch", "deploy", "--provider", "acme", "--timeout", "2"],
  ["notify", "hello"],
  ["init", "--project"],
  ["escalations", "list"],
  ["statusline"],
  ["report"],
  ["completion", "bash"],
];

async function harmless(seed: number): Promise<void> {
  const random = new Random(seed);
  const at = await ground(seed);
  layTraps(random, at);
  const said: string[] = [];
  const run = async (args: readonly string[], input?: string) => {
    const began = Date.now();
    const { code, signal, stdout, stderr } = await at.user.p9(args, {
      env: at.env,
      timeoutMs: LIMIT_MS,
      ...(input === undefined ? {} : { input }),
    });
    const what = `seed ${seed}: p9 ${args.join(" ")}`;
    expect({ what, signal, code }, `${Date.now() - began} ms\n${stderr}`).toMatchObject({
      signal: null,
      code: expect.any(Number),
    });
    expect({ what, damage: at.damage(), problem: problemIn(stdout, stderr, at) }).toEqual({
      what,
      damage: [],
      problem: null,
    });
    said.push(what);
  };
  const hook = (event: string, more: object = {}) =>
    run(["hook", event], JSON.stringify({ session_id: "one", cwd: at.user.work, hook_event_name: event, ...more }));
  await hook("SessionStart", { source: "startup" });
  for (const args of random.some(COMMANDS, 0.3)) await run(args);
  push(at);
  const input = { tool_name: "Bash", tool_input: { command: "git push origin HEAD" }, tool_use_id: "t1" };
  await hook("PreToolUse", input);
  await hook("PostToolUse", { ...input, tool_response: { stdout: "", stderr: "", interrupted: false } });
  await hook("UserPromptSubmit", { prompt: "go on" });
  await hook("Stop");
  await at.user.close();
}

/** Commits all that git takes, and pushes it. */
function push({ git, user }: Ground): void {
  writeFileSync(join(user.work, "note.txt"), "x");
  for (const args of [
    ["add", "-A"],
    ["commit", "-qm", "x"],
    ["push", "-q", "origin", "main"],
  ]) {
    try {
      git(...args);
    } catch {
      // What git itself refuses (a pipe, a name) is left out.
    }
  }
}

/** Why an answer may not reach a terminal or a model; null: it may. */
function problemIn(stdout: string, stderr: string, { secret }: Ground): string | null {
  const all = stdout + stderr;
  if (all.includes(secret)) return "the secret was shown";
  const bad = /[^\P{Cc}\n\t\r]|[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]|\p{Default_Ignorable_Code_Point}/u.exec(
    all,
  );
  if (bad) return `U+${bad[0].codePointAt(0)?.toString(16)} was written`;
  if (/internal error|UnhandledPromise|at .*\.(?:js|ts):\d+:\d+/i.test(all))
    return `an internal error: ${all.slice(0, 500)}`;
  return null;
}

test("a repository that nobody trusts has no effect, keeps nobody waiting and learns nothing", {
  timeout: 20 * 60_000,
}, async () => {
  const end = Date.now() + (process.env.P9_SOAK ? SOAK_MS : 0);
  let seed = FIRST;
  for (; seed < FIRST + COUNT || Date.now() < end; seed += 1) await harmless(seed);
  if (process.env.P9_SOAK) console.info(`${seed - FIRST} hostile repositories from seed ${FIRST}`);
});
