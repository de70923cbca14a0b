// needs: gh, namespaces
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { missingForClient } from "./support/client.ts";
import { type Block, bash, say } from "./support/model.ts";
import { World } from "./support/world.ts";

const missing = missingForClient();
let world: World;
afterEach(() => world?.destroy());

const tool = (name: string, input: object): Block[] => [{ type: "tool_use", name, input }];
const task = (subject: string, metadata: object) =>
  tool("TaskCreate", { subject, description: `${subject} in detail`, metadata });

/** What each \`p9 wait-queue pop\` printed, in order. */
function popped(): unknown[] {
  const results = world.model.requests.map(({ news }) => /popped:(.*)/.exec(news)?.[1]);
  return results.flatMap((text) => (text ? [JSON.parse(text)] : []));
}
const pop = bash("echo popped:$(p9 wait-queue pop --json 2>/dev/null)");

test.skipIf(missing)(
  "the session source offers the tasks that the real client keeps for this very session",
  async () => {
    world = await World.create();
    world.model.script(
      task("Not for a wait", { p9: { kind: "fill" } }),
      task("First", { wait_ok: true, minutes: 5 }),
      task("Second", { wait_ok: true }),
      tool("TaskUpdate", { taskId: "3", addBlockedBy: ["2"] }),
      pop,
      pop,
      tool("TaskUpdate", { taskId: "2", status: "completed" }),
      pop,
      say("done"),
    );
    await world.headless("go", { env: { CLAUDE_CODE_ENABLE_TODO_TOOLS: "1" } });
    expect(popped()).toMatchObject([
      { source: "session", item: "First\nFirst in detail", minutes: 5, why: expect.stringContaining("task 2") },
      null,
      { source: "session", item: "Second\nSecond in detail" },
    ]);
  },
);

test.skipIf(missing).each(["a folder below", "a linked worktree of"])(
  "the memory source reads the very folder that the real client names to its model, in %s the project",
  async (where) => {
    world = await World.create();
    const cwd = where.startsWith("a linked") ? join(world.root, "worktree") : join(world.project, "src");
    if (where.startsWith("a linked")) world.git(["worktree", "add", "-q", cwd]);
    else mkdirSync(cwd, { recursive: true });
    const folders = new Set<string>();
    world.model.script(pop, say("done"));
    world.model.responder = ({ system, messages }) => {
      const said = `${system}${JSON.stringify(messages)}`;
      const folder = /(\/[^\s"'`\\]*\/memory)\/?[\s"'`\\]/.exec(said)?.[1];
      if (folder) {
        folders.add(folder);
        mkdirSync(folder, { recursive: true });
        writeFileSync(join(folder, "MEMORY.md"), "- needs follow-up: the cache is never emptied\n");
      }
      return undefined;
    };
    await world.headless("go", { cwd });
    expect([...folders]).toEqual([expect.stringContaining("/projects/")]);
    expect(popped()).toMatchObject([{ source: "memory", item: "the cache is never emptied" }]);
  },
);
