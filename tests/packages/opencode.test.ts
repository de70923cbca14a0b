import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import p9 from "../../src/opencode.ts";
import { OpencodeSession } from "../../src/packages/opencode-session.ts";
import { HookLab } from "../hooks/hook-lab.ts";

/** What a prompt that p9 asks for says. */
type Asked = {
  readonly path: { readonly id: string };
  readonly body: { readonly parts: readonly { text?: string }[] };
};

let lab: HookLab;
/** Prompts that opencode was asked for. */
let asked: string[];
beforeEach(() => {
  lab = new HookLab();
  lab.policy();
  asked = [];
  vi.stubEnv("BROOMVA_P9_HOME", lab.home);
  vi.stubEnv("HOME", lab.root);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await lab.destroy();
});

/** opencode as a plugin sees it; `begins`: what it does with a turn that it is asked for. */
function opencode(begins: () => unknown = () => {}) {
  return {
    session: {
      get: async ({ path: { id } }: { path: { id: string } }) => ({
        data: id.startsWith("child") ? { parentID: "ses_1" } : {},
      }),
      promptAsync: async ({ body }: Asked) => {
        asked.push(body.parts.map(({ text = "" }) => text).join("\n"));
        void begins();
      },
    },
  };
}

const at = (id: string, client = opencode()) => new OpencodeSession(id, lab.project, client, { beginMs: 300 });
const says = (text: string) => ({ text, spoken: true });
const end = async (pr: number) => {
  await lab.watch("opencode:ses_1", pr);
  await lab.move(`w${pr}`, "GREEN", { outcome: "succeeded" });
};

test("an idle session goes on with what ended, in one prompt of p9's", async () => {
  const beside: (string | null)[] = [];
  const arrives = async () => beside.push(await session.prompt({ text: asked[0] ?? "", spoken: false }));
  const session: OpencodeSession = at("ses_1", opencode(arrives));
  await session.prompt(says("push it"));
  await session.idle();
  await end(42);
  await vi.waitFor(() => expect(asked).toHaveLength(1), 10_000);
  expect(asked[0]).toContain("PR #42");
  await vi.waitFor(() => expect(beside).toEqual([null]), 10_000);
  expect(await session.prompt(says("and now?"))).toBeNull();
  expect(asked).toHaveLength(1);
  await session.end();
});

test("what opencode drops each time it is asked is told with the next prompt", async () => {
  const session = at("ses_1");
  await session.prompt(says("push it"));
  await session.idle();
  await end(42);
  await vi.waitFor(() => expect(asked).toHaveLength(3), 10_000);
  expect(await session.prompt(says("and now?"))).toContain("PR #42");
  expect(await session.prompt(says("and now?"))).toBeNull();
  await session.end();
});

test("a session at work is not woken: its next command tells it", async () => {
  const session = at("ses_1");
  await session.prompt(says("push it"));
  await end(42);
  // Whatever the change of the wake file would start has started by then.
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(await session.afterShell("true", "", 0)).toContain("PR #42");
  expect(asked).toEqual([]);
  await session.end();
});

test("a subagent is told nothing of its parent's, and its commands are traced as its parent's", async () => {
  const parent = at("ses_1");
  const child = at("child_1");
  const { GIT_TRACE2_EVENT } = await parent.env();
  expect(GIT_TRACE2_EVENT).toBe(join(lab.home, "inbox/opencode:ses_1/trace"));
  await end(42);
  expect(await child.prompt(says("look at the tests"))).toBeNull();
  expect(await child.afterShell("true", "", 0)).toBeNull();
  expect(existsSync(join(lab.home, "inbox/opencode:child_1"))).toBe(false);
  expect(await parent.prompt(says("go on"))).toContain("PR #42");
  await parent.end();
});

test("a command that only waits for what is watched does not run, for the reason that p9 gives", async () => {
  const hooks = (await p9({ client: opencode(), directory: lab.project })) as Record<
    string,
    (input: object, output: object) => Promise<void>
  >;
  const sessionID = "ses_1";
  await hooks["shell.env"]?.({ sessionID }, { env: {} });
  await lab.watch("opencode:ses_1", 42);
  const run = (tool: string) =>
    hooks["tool.execute.before"]?.({ tool, sessionID, callID: "1" }, { args: { command: "gh pr checks 42 --watch" } });
  await expect(run("bash")).rejects.toThrow("p9 already watches PR #42");
  await expect(run("edit")).resolves.toBeUndefined();
});
