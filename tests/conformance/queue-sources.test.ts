import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import docs from "../../plugins/queue-sources/docs.ts";
import graph from "../../plugins/queue-sources/graph.ts";
import linear from "../../plugins/queue-sources/linear.ts";
import memory from "../../plugins/queue-sources/memory.ts";
import { queueSources } from "../../plugins/queue-sources/registry.ts";
import session from "../../plugins/queue-sources/session.ts";
import { queueSourceChecks } from "../../src/conformance/queue-source.ts";
import type { DiscoverContext, QueueSource } from "../../src/plugin.ts";
import { addIssue, addLabel, emptyLinear } from "../servers/linear/data.ts";
import { startLinear } from "../servers/linear/server.ts";
import { type ConformanceWorld, conformanceWorld, expectConformance } from "./world.ts";

const SESSION = "session-1";
const PR = { repo: "octo/app", number: 42, branch: "bro-1-fix", title: "Fix", body: "", sha: null };

/** Names of the sources that a test below is for. */
const tested = new Set<string>();

/** Each source must have items in its world, or "is not empty when…" would say nothing. */
async function conforms(source: QueueSource, world: ConformanceWorld, more: Partial<DiscoverContext>): Promise<void> {
  const context = (): DiscoverContext => ({
    ...world.context({ repo: "octo/app" }),
    options: {},
    root: world.work,
    session: SESSION,
    sessions: [SESSION],
    pr: PR,
    changedFiles: async () => ["src/cache.ts"],
    diff: async () => "",
    etaS: 600,
    limit: 20,
    ...more,
  });
  expect(await source.discover(context())).not.toEqual([]);
  await expectConformance(queueSourceChecks({ source, context, folders: world.folders }));
}

function write(folder: string, path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function sourceTest(
  source: QueueSource,
  prepare: (world: ConformanceWorld) => Promise<Partial<DiscoverContext>>,
): void {
  tested.add(source.name);
  test(`the queue source ${source.name} passes the suite`, async () => {
    const world = conformanceWorld();
    await conforms(source, world, await prepare(world));
  });
}

sourceTest(session, async ({ env }) => {
  const task = { id: "1", subject: "Tidy up", description: "", status: "pending", metadata: { wait_ok: true } };
  write(env.HOME ?? "", `.claude/tasks/${SESSION}/1.json`, JSON.stringify({ ...task, blocks: [], blockedBy: [] }));
  return {};
});

sourceTest(memory, async ({ env, work }) => {
  const project = work.replace(/[^a-zA-Z0-9]/g, "-");
  write(env.HOME ?? "", `.claude/projects/${project}/memory/MEMORY.md`, "- The cache is stale: needs follow-up\n");
  return {};
});

sourceTest(graph, async ({ env }) => {
  const catalog =
    "#### cache [concept · stable]\nThe cache never goes stale\n→ store · src: src/cache.ts\npath: cache.md\n";
  write(env.HOME ?? "", "broomva/docs/knowledge-index.md", `${catalog}\n`);
  return {};
});

sourceTest(docs, async ({ work }) => {
  write(work, "README.md", "See src/cache.ts for how dropCache() works.\n");
  write(work, "src/cache.ts", "export function keepCache() {}\n");
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@t", ...args], { cwd: work });
  git("init", "-q");
  git("add", "-A");
  git("commit", "-qm", "one");
  const diff = [
    "diff --git a/src/cache.ts b/src/cache.ts",
    "--- a/src/cache.ts",
    "+++ b/src/cache.ts",
    "@@ -1 +1 @@",
    "-export function dropCache() {}",
    "+export function keepCache() {}",
    "",
  ].join("\n");
  return { diff: async () => diff };
});

sourceTest(linear, async ({ home, env }) => {
  const data = emptyLinear();
  const area = addLabel(data, "area:watch");
  addIssue(data, { title: "The one in flight", cycleId: "cycle-now", labelIds: [area] });
  addIssue(data, { title: "Another", cycleId: "cycle-now", labelIds: [area] });
  const server = await startLinear(data);
  onTestFinished(() => void server.close());
  // It keeps its last answer for a while: each look here is a first one.
  const dataDir = () => {
    mkdirSync(join(home, "data"), { recursive: true });
    return mkdtempSync(join(home, "data", "linear-"));
  };
  return { env: { ...env, LINEAR_API_KEY: server.key, LINEAR_API_URL: server.url }, dataDir };
});

test("every registered queue source is tested here", () => {
  expect(Object.keys(queueSources).filter((name) => !tested.has(name))).toEqual([]);
});
