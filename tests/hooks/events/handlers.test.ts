import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { claude } from "../../../src/harness/clients/claude.ts";
import { answerHook } from "../../../src/hooks/entry.ts";
import { Queue } from "../../../src/queue/store/queue.ts";
import { HookLab, type Session } from "../hook-lab.ts";

const HOOK_EVENTS = Object.keys(claude.events);

let lab: HookLab;
let session: Session;
beforeEach(async () => {
  lab = new HookLab();
  lab.policy();
  session = lab.session("one");
});
afterEach(() => lab.destroy());

async function queue(...items: string[]): Promise<void> {
  const queued = new Queue(lab.home, { clock: lab.clock });
  for (const item of items) {
    await queued.push({ source: "session", item, session_id: "one", isolation_tier: "none" }, new Set(["one"]));
    lab.now += 1_000;
  }
}

const bash = (command: string) => ({
  tool_name: "Bash",
  tool_input: { command, description: "run" },
  tool_use_id: "toolu_1",
});

describe("PreToolUse", () => {
  beforeEach(async () => {
    await session.start();
    await lab.watch("one", 42);
  });

  test("denies a bare sleep while p9 watches, with what it watches and the next item", async () => {
    await queue("Write the docs");
    const { json } = await session.call("PreToolUse", bash("sleep 30"));
    expect(json.hookSpecificOutput).toMatchObject({ hookEventName: "PreToolUse", permissionDecision: "deny" });
    expect(json.hookSpecificOutput.permissionDecisionReason).toContain("p9 already watches PR #42 (octo/app)");
    expect(json.hookSpecificOutput.permissionDecisionReason).toContain("“Write the docs”");
  });

  test("lets every other command through without a word", async () => {
    for (const command of ["ls", "sleep 15 && curl localhost", "gh pr checks 43 --watch"])
      expect(await session.call("PreToolUse", bash(command))).toMatchObject({ stdout: "", code: 0 });
  });

  test("suggests instead of denying, or says nothing, as the policy has it", async () => {
    lab.policy("ci_watch:\n  sleep: suggest\nci_heal: {}\n");
    const { json, context } = await session.call("PreToolUse", bash("gh pr checks --watch"));
    expect(json.hookSpecificOutput.permissionDecision).toBeUndefined();
    expect(context).toContain("p9 already watches");
    lab.policy("ci_watch:\n  sleep: off\nci_heal: {}\n");
    expect((await session.call("PreToolUse", bash("sleep 30"))).stdout).toBe("");
  });

  test("names p9 attach where nobody can be woken", async () => {
    const unattended = lab.session("one", { CLAUDE_CODE_SESSION_ATTENDED: "0" });
    const { json } = await unattended.call("PreToolUse", bash("sleep 30"));
    expect(json.hookSpecificOutput.permissionDecisionReason).toContain("p9 attach w42");
  });

  test("says nothing once the watch has ended", async () => {
    await lab.move("w42", "GREEN", { outcome: "succeeded" });
    expect((await session.call("PreToolUse", bash("sleep 30"))).stdout).toBe("");
  });
});

describe("Stop offers work", () => {
  beforeEach(async () => {
    await session.start();
    await lab.watch("one", 42);
  });

  test("each item once, and the next one after it", async () => {
    await queue("First thing", "Second thing");
    expect((await session.call("Stop")).context).toContain("“First thing”");
    expect((await session.call("Stop", { stop_hook_active: true })).context).toContain("“Second thing”");
    expect((await session.call("Stop", { stop_hook_active: true })).stdout).toBe("");
  });

  test("it is a peek: nothing is leased", async () => {
    await queue("First thing");
    await session.call("Stop");
    const items = [...new Queue(lab.home, { clock: lab.clock }).read().items.values()];
    expect(items.map(({ lease }) => lease)).toEqual([null]);
  });

  test("at most five in a row; a word of the user starts anew", async () => {
    await queue(...Array.from({ length: 8 }, (_, index) => `Thing ${index}`));
    const offered = [];
    for (let turn = 0; turn < 7; turn++) offered.push((await session.call("Stop")).context !== "");
    expect(offered).toEqual([true, true, true, true, true, false, false]);
    await session.call("UserPromptSubmit", { prompt: "go on" });
    expect((await session.call("Stop")).context).toContain("“Thing 5”");
  });

  test("a wake is not the user speaking", async () => {
    await queue(...Array.from({ length: 8 }, (_, index) => `Thing ${index}`));
    for (let turn = 0; turn < 5; turn++) await session.call("Stop");
    await session.call("UserPromptSubmit", { prompt: "<task-notification>\n…" });
    expect((await session.call("Stop")).context).toBe("");
  });

  test("never in unattended runs, unless asked; never when switched off", async () => {
    await queue("First thing", "Second thing");
    const unattended = lab.session("one", { CLAUDE_CODE_SESSION_ATTENDED: "0" });
    expect((await unattended.call("Stop")).stdout).toBe("");
    lab.policy("ci_watch:\n  offer: always\nci_heal: {}\n");
    expect((await unattended.call("Stop")).context).toContain("“First thing”");
    lab.policy("ci_watch:\n  offer: never\nci_heal: {}\n");
    expect((await session.call("Stop")).stdout).toBe("");
  });

  test("nothing when nothing is in flight any more, and another session's items are not offered", async () => {
    await new Queue(lab.home, { clock: lab.clock }).push(
      { source: "session", item: "Theirs", session_id: "two", isolation_tier: "none" },
      new Set(["two"]),
    );
    expect((await session.call("Stop")).context).toBe("");
    await queue("Mine");
    await lab.move("w42", "ABANDONED", { outcome: "abandoned" });
    expect((await session.call("Stop")).stdout).toBe("");
  });
});

describe("the heal loop is stopped", () => {
  const stops = () => [...lab.store.events()].filter(({ type }) => type === "heal.stop");

  test("when the user speaks or the session ends, while one may run", async () => {
    await session.start();
    await lab.watch("one", 42);
    await lab.move("w42", "RED_CLASSIFIED", { outcome: "failed" });
    await session.fileChanged();
    await session.call("UserPromptSubmit", { prompt: "<task-notification>…" });
    await lab.move("w42", "HEALING");
    await session.call("UserPromptSubmit", { prompt: "stop that" });
    expect(stops()).toMatchObject([{ session_id: "one", reason: "user" }]);
    await session.call("SessionEnd", { reason: "other" });
    expect(stops().at(-1)).toMatchObject({ session_id: "one", reason: "session-end" });
    expect(lab.store.find("w42")?.state).toBe("HEALING");
  });

  test("not when nothing is being healed", async () => {
    await session.start();
    await lab.watch("one", 42);
    await session.call("UserPromptSubmit", { prompt: "hello" });
    await session.call("SessionEnd", { reason: "other" });
    expect(stops()).toEqual([]);
  });
});

describe("SessionStart", () => {
  test("gives later shells the session's name and git's trace, in a folder of their own", async () => {
    await session.start();
    const exported = readFileSync(session.envFile, "utf8");
    expect(exported).toContain("export BROOMVA_P9_SESSION=one\n");
    expect(exported).toContain(`export GIT_TRACE2_EVENT=${session.folder}/trace\n`);
  });

  test("leaves a trace that the user set up alone", async () => {
    const tracing = lab.session("one", { GIT_TRACE2_EVENT: "/tmp/my-trace" });
    await tracing.start();
    expect(readFileSync(tracing.envFile, "utf8")).not.toContain("GIT_TRACE2_EVENT");
    expect(existsSync(join(tracing.folder, "trace"))).toBe(false);
  });

  test("says to the user, not to the model, that a policy cannot be read", async () => {
    lab.policy("ci_watch:\n  enabled: 'yes'\nci_heal: {}\n");
    const { json, context } = await session.start();
    expect(json.systemMessage).toContain("p9 watches nothing here");
    expect(context).toBe("");
  });

  test("is silent in a repository without a policy", async () => {
    lab.write("../empty/x", "");
    const { json } = await session.call("SessionStart", { source: "startup", cwd: join(lab.root, "empty") });
    expect(Object.keys(json)).toEqual(["hookSpecificOutput"]);
    expect(Object.keys(json.hookSpecificOutput)).toEqual(["hookEventName", "watchPaths"]);
  });
});

describe("whatever comes", () => {
  const HOSTILE: [string, string][] = [
    ["nothing", ""],
    ["no JSON", "{"],
    ["a list", "[]"],
    ["null", "null"],
    ["fields of other types", '{"session_id":5,"cwd":[],"prompt":{},"tool_input":"x","tool_response":7,"file_path":1}'],
    ["a session id that is a path", '{"session_id":"../../evil","cwd":"/"}'],
    ["a folder that is gone", '{"session_id":"one","cwd":"/nowhere/at/all"}'],
  ];

  test.each(HOSTILE)("no event fails on %s", async (_, stdin) => {
    for (const event of [...HOOK_EVENTS, "Nonsense"]) {
      const env = { PATH: process.env.PATH, HOME: lab.root, BROOMVA_P9_HOME: lab.home };
      expect(await answerHook(event, stdin, { env, clock: lab.clock }, () => {})).toBe(0);
    }
    expect(existsSync(join(lab.root, "evil"))).toBe(false);
    expect(existsSync(join(lab.home, "evil"))).toBe(false);
  });

  test("files of an inbox are the user's alone", async () => {
    await session.start();
    expect(statSync(session.folder).mode & 0o077).toBe(0);
    expect(statSync(join(session.folder, "trace")).mode & 0o077).toBe(0);
    for (const name of readdirSync(session.folder))
      expect([name, statSync(join(session.folder, name)).mode & 0o077]).toEqual([name, 0]);
  });

  test("a state directory that cannot be written costs nothing but the news", async () => {
    const env = {
      PATH: process.env.PATH,
      HOME: lab.root,
      BROOMVA_P9_HOME: join(lab.project, ".control/policy.yaml/p9"),
    };
    const stdin = JSON.stringify({ session_id: "one", cwd: lab.project, source: "startup", prompt: "x" });
    for (const event of HOOK_EVENTS)
      expect(await answerHook(event, stdin, { env, clock: lab.clock }, () => {})).toBe(0);
  });
});
