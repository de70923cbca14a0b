// needs: time
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { queueSources } from "../../../../plugins/queue-sources/registry.ts";
import { sandbox } from "../../../helpers/p9.ts";

interface Item {
  readonly id: string;
  readonly item: string;
  readonly status: string;
  readonly isolation_tier: string;
}

/** A session with a queue. */
function setUp(session = "me") {
  const box = sandbox();
  const env = { BROOMVA_P9_SESSION: session, BROOMVA_P9_REPO: "o/r" };
  const queue = (
    args: readonly string[],
    options: { input?: string; env?: object; cwd?: string; runtime?: "deno" } = {},
  ) => box.p9(["wait-queue", ...args], { ...options, env: { ...env, ...options.env } });
  const push = async (...args: string[]) => {
    const { code, stdout, stderr } = await queue(["push", ...args]);
    if (code !== 0) throw new Error(stderr);
    return stdout.trim();
  };
  const list = async (...args: string[]): Promise<Item[]> =>
    JSON.parse((await queue(["list", "--json", ...args])).stdout);
  return { ...box, queue, push, list };
}

test("wait-queue push, pop, done: the whole way of an item, in the words of the contract", async () => {
  const { queue, push, list } = setUp();
  const id = await push(
    "--item",
    "Fix the parser",
    "--source",
    "docs",
    "--files",
    "src/p.ts,src/q.ts",
    "--minutes",
    "5",
    "--pr",
    "42",
  );
  expect(await list()).toMatchObject([{ id, status: "available" }]);
  const popped = await queue(["pop"]);
  expect(popped.code).toBe(0);
  const item = JSON.parse(popped.stdout);
  expect(Object.keys(item).sort()).toEqual(
    [
      "id",
      "source",
      "item",
      "created_at",
      "pr",
      "isolation_tier",
      "session_id",
      "repo",
      "files",
      "minutes",
      "lease_until",
      "why",
    ].sort(),
  );
  expect(item).toMatchObject({
    id,
    source: "docs",
    pr: 42,
    isolation_tier: "worktree",
    session_id: "me",
    repo: "o/r",
    files: ["src/p.ts", "src/q.ts"],
    minutes: 5,
  });
  const leased = Date.parse(item.lease_until) - Date.now();
  expect(leased).toBeGreaterThan(59 * 60_000);
  expect(leased).toBeLessThanOrEqual(60 * 60_000 + 1000);
  expect(await list()).toMatchObject([{ id, status: "leased" }]);
  expect(await queue(["done", id])).toMatchObject({ code: 0, stdout: `${id} done\n` });
  expect(await queue(["done", id])).toMatchObject({ code: 0, stdout: `${id} was done already\n` });
  expect(await list()).toEqual([]);
});

test("wait-queue pop of an empty queue says (empty), with --json null, and nothing of sources that nobody has set up", async () => {
  const { queue } = setUp();
  const plain = await queue(["pop"]);
  expect(plain).toMatchObject({ code: 0, stdout: "(empty)\n", stderr: expect.not.stringContaining("Queue source") });
  const asked = await queue(["list", "--discover"]);
  const named = [...asked.stderr.matchAll(/Queue source "([^"]+)" cannot be asked: \S/g)].map(([, source]) => source);
  expect(named.length).toBeGreaterThan(1);
  expect(named).toEqual(Object.keys(queueSources).filter((source) => named.includes(source)));
  expect(await queue(["pop", "--json"])).toMatchObject({ code: 0, stdout: "null\n" });
  expect((await queue(["pop", "--no-discover"])).stderr).not.toContain("Queue source");
});

test("wait-queue push takes the sources that there are, and names them when it is given another", async () => {
  const { queue } = setUp();
  const names = Object.keys(queueSources);
  const refused = await queue(["push", "--item", "x", "--source", "nowhere"]);
  expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining(`wanted one of ${names.join(", ")}\n`) });
  expect((await queue(["push", "--item", "x", "--source", names.at(-1) ?? ""])).code).toBe(0);
  const help = (await queue(["push", "--help"])).stdout.replace(/\s+/g, " ");
  expect(help).toContain(`where it comes from: ${names.join(", ")} or a plugin's`);
});

test("wait-queue push reads the item from standard input, without what is not seen, and prints its id", async () => {
  const { queue, list, home } = setUp();
  const pushed = await queue(["push", "--item", "-", "--json"], {
    input: "fix --no-verify docs\nand \u2028 more \u{1f469}\u200d\u{1f4bb} \u0085\n",
  });
  const { id } = JSON.parse(pushed.stdout);
  expect(await list()).toMatchObject([{ id, item: "fix --no-verify docs\nand  more \u{1f469}\u200d\u{1f4bb}" }]);
  const raw = readFileSync(join(home, "queue.jsonl"), "latin1");
  expect(raw).toMatch(/^[\n\x20-\x7e]*$/);
});

test("wait-queue release gives an item back; another session's is left alone unless --all is given", async () => {
  const { queue, push } = setUp();
  const id = await push("--item", "shared work", "--shared");
  const you = { env: { BROOMVA_P9_SESSION: "you" } };
  expect(JSON.parse((await queue(["pop"], you)).stdout)).toMatchObject({ id, session_id: null });
  expect(await queue(["release", id])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("another session holds it"),
  });
  expect((await queue(["pop", "--json"])).stdout).toBe("null\n");
  expect((await queue(["release", id], you)).code).toBe(0);
  expect(JSON.parse((await queue(["pop"])).stdout)).toMatchObject({ id });
});

test("wait-queue keeps sessions apart, and --all crosses them", async () => {
  const { queue, push, list } = setUp();
  await push("--item", "mine");
  const you = { env: { BROOMVA_P9_SESSION: "you" } };
  expect((await queue(["pop", "--json"], you)).stdout).toBe("null\n");
  expect((await queue(["clear"], you)).stdout).toBe("0 items cleared\n");
  expect(JSON.parse((await queue(["pop", "--all"], you)).stdout)).toMatchObject({ item: "mine" });
  expect(JSON.parse((await queue(["list", "--all", "--json"], you)).stdout)).toHaveLength(1);
  expect((await queue(["clear", "--all"], you)).stdout).toBe("1 item cleared\n");
  expect(await list("--all")).toEqual([]);
});

test("wait-queue lists blocked work and never pops it, whatever tier was asked for", async () => {
  const { queue, push, list } = setUp();
  const id = await push("--item", "edit CLAUDE.md and .control/policy.yaml", "--tier", "none");
  expect(await list()).toMatchObject([{ id, status: "blocked", isolation_tier: "blocked" }]);
  const popped = await queue(["pop", "--all"]);
  expect(popped.stdout).toBe("(empty)\n");
  expect(popped.stderr).toContain("1 blocked: for people to do");
});

test("wait-queue reads isolation_tier_map and blocked_paths of the policy", async () => {
  const { queue, push, write } = setUp();
  write(
    ".control/policy.yaml",
    "ci_watch:\n  isolation_tier_map:\n    docs: worktree\n  blocked_paths: [infra/]\nci_heal:\n  enabled: true\n",
  );
  await push("--item", "Write the guide");
  await push("--item", "Change infra/dns.tf");
  const popped = JSON.parse((await queue(["pop"])).stdout);
  expect(popped).toMatchObject({ item: "Write the guide", isolation_tier: "worktree" });
  expect((await queue(["pop"])).stderr).toContain("1 blocked");
});

test("wait-queue keeps what a glob of the policy governs, and all the rest of a list with a mistake in it", async () => {
  const { queue, push, write } = setUp();
  const policy = (globs: string) => `ci_watch:\n  blocked_paths: [${globs}]\nci_heal:\n  enabled: true\n`;
  write(".control/policy.yaml", policy('"docs/**/*.{md,mdx}"'));
  await push("--item", "Mend docs/a.md");
  const governed = await queue(["pop"]);
  expect(governed).toMatchObject({ stdout: "(empty)\n", stderr: expect.stringContaining("1 blocked") });

  write(".control/policy.yaml", policy('"docs/**/*.{md,mdx}", "infra/{a"'));
  const mistaken = await queue(["pop"]);
  expect(mistaken).toMatchObject({ stdout: "(empty)\n", stderr: expect.stringContaining("1 blocked") });
  expect(mistaken.stderr).toContain("ci_watch.blocked_paths.1");
});

test("wait-queue push --key adds nothing twice, and --after waits for the end of a wait", async () => {
  const { queue, push, list, p9 } = setUp();
  const id = await push("--item", "weekly", "--key", "deps");
  expect(await push("--item", "weekly", "--key", "deps")).toBe(id);
  await queue(["done", id]);
  const again = await queue(["push", "--item", "weekly", "--key", "deps"]);
  expect(again).toMatchObject({ code: 0, stdout: `${id}\n`, stderr: expect.stringContaining("is done") });
  expect(await list()).toEqual([]);

  const watched = await p9(["watch", "build", "--json", "--", "sh", "-c", "exit 3"], {
    env: { BROOMVA_P9_SESSION: "me" },
  });
  const { wait_id } = JSON.parse(watched.stdout);
  await push("--item", "look at the result", "--after", wait_id);
  const popped = JSON.parse((await queue(["pop"])).stdout);
  expect(popped.why).toMatch(/build .* ended RED_UNCLASSIFIED/);
  expect(await queue(["push", "--item", "x", "--after", "nothing"])).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('"nothing"'),
  });
});

test.each<[string[], RegExp]>([
  [["push"], /--item/],
  [["push", "--item", ""], /empty item/],
  [["push", "--item", "x".repeat(20_001)], /20001 characters/],
  [["push", "--item", "x", "--tier", "banana"], /"banana".*none, worktree, stacked_branch, blocked/],
  [["push", "--item", "x", "--source", "banana"], /"banana".*wanted one of \w+, /],
  [["push", "--item", "x", "--pr", "abc"], /"abc"/],
  [["push", "--item", "x", "--minutes", "-3"], /"-3"/],
  [["pop", "--lease", "soon"], /"soon"/],
  [["pop", "--lease", "0"], /for 0 s/],
  [["pop", "--lease", "9999d"], /at most 30d/],
  [["done", "q-nope"], /"q-nope".*no such item/],
  [["release", "q-nope"], /"q-nope".*no such item/],
  [["done"], /id/],
  [["peel"], /peel/],
])("wait-queue %j is one clear line and exit 3", async (args, message) => {
  const { queue } = setUp();
  const { code, stdout, stderr } = await queue(args);
  expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
  const lines = stderr
    .trim()
    .split("\n")
    .filter((line) => !line.includes("No policy file"));
  expect(lines).toEqual([expect.stringMatching(message)]);
});

test("wait-queue push takes paths from where it is given, and keeps no secret", async () => {
  const { queue, write, work, list } = setUp();
  write(".git/HEAD", "ref: refs/heads/main\n");
  write("src/deep/a.ts", "");
  const push = (files: string, cwd: string) =>
    queue(["push", "--item", "use token ghp_0123456789abcdefghijABCDEFGHIJ012345", "--files", files], { cwd });
  await push(`a.ts,src/deep/a.ts,${join(work, "src", "deep", "a.ts")},later.ts`, join(work, "src", "deep"));
  const [item] = await list();
  expect(item).toMatchObject({ files: ["src/deep/a.ts", "src/deep/a.ts", "src/deep/a.ts", "later.ts"] });
  expect(item?.item).toBe("use token ***");
});

test("wait-queue push says that an item for a pull request of an unknown repository cannot leave with it", async () => {
  const { queue } = setUp();
  const { code, stderr } = await queue(["push", "--item", "x", "--pr", "42"], { env: { BROOMVA_P9_REPO: "-" } });
  expect(code).toBe(0);
  expect(stderr).toContain("The repository of pull request #42 is not known");
});

test("wait-queue shows hostile text safely", async () => {
  const { queue, push } = setUp();
  await push("--item", "\u001b[31mred\u001b]0;title\u0007\u202e and\nsecond line");
  const shown = [
    (await queue(["list"])).stdout,
    (await queue(["list", "--json"])).stdout,
    (await queue(["pop"])).stdout,
  ].join("");
  expect(shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
});

test("eight agents that pop at once get eight items, Node and Deno alike", async () => {
  const { queue, push } = setUp();
  for (let n = 0; n < 8; n++) await push("--item", `item ${n}`, "--shared");
  const popped = await Promise.all(
    Array.from({ length: 8 }, (_, n) =>
      queue(["pop", "--no-discover"], {
        env: { BROOMVA_P9_SESSION: `agent-${n}` },
        ...(n === 0 ? { runtime: "deno" as const } : {}),
      }),
    ),
  );
  const ids = popped.map(({ stdout }) => JSON.parse(stdout).id);
  expect(new Set(ids).size).toBe(8);
  expect((await queue(["pop", "--json", "--no-discover"])).stdout).toBe("null\n");
});

test("items of a home of the Python p9 are in the queue at once", async () => {
  const { queue, list, home } = setUp("s-1");
  mkdirSync(home, { recursive: true });
  const row =
    '{"id": "a1b2", "source": "memory", "item": "follow up", "created_at": "2026-11-20T08:00:00+00:00", "pr": null, "isolation_tier": "none", "session_id": "s-1", "repo": null}\n';
  writeFileSync(join(home, "wait-queue.jsonl"), row.replace("2026-11-20T08", new Date().toISOString().slice(0, 13)));
  expect(await list()).toMatchObject([{ id: "a1b2", status: "available" }]);
  expect(JSON.parse((await queue(["pop"])).stdout)).toMatchObject({ id: "a1b2", item: "follow up" });
  expect((await queue(["done", "a1b2"])).code).toBe(0);
});
