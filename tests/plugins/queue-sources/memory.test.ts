import { utimesSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { flaggedEntries } from "../../../plugins/queue-sources/memory/entries.ts";
import memory from "../../../plugins/queue-sources/memory.ts";
import { git, NOON, scratch, write } from "../../queue/world.ts";
import { asker } from "./asking.ts";

const HOUR = 3_600_000;
const slugOf = (path: string) => path.replace(/[^a-zA-Z0-9]/g, "-");

/** A repository and the memory folder that the client keeps for it. */
function project(files: Readonly<Record<string, string>>, ageHours: Readonly<Record<string, number>> = {}) {
  const home = scratch();
  const root = join(home, "code", "my_app");
  write(root, { "a.txt": "a" });
  git(root, "init", "-q");
  git(root, "add", "-A");
  git(root, "commit", "-qm", "first");
  const folder = join(home, ".claude", "projects", slugOf(root), "memory");
  fill(folder, files, ageHours);
  const ask = asker();
  return {
    home,
    root,
    ask: (env: Readonly<Record<string, string>> = {}, cwd = root) => ask(memory, { env: { HOME: home, ...env }, cwd }),
  };
}

function fill(
  folder: string,
  files: Readonly<Record<string, string>>,
  ageHours: Readonly<Record<string, number>> = {},
): void {
  write(folder, files);
  for (const name of Object.keys(files)) {
    const at = (NOON - (ageHours[name] ?? 1) * HOUR) / 1000;
    utimesSync(join(folder, name), at, at);
  }
}

const FLAGGED = "- needs follow-up: the cache is never emptied\n";

test("memory offers entries of the last 24 hours that are flagged, from the index and the topic files", async () => {
  const { ask } = project(
    {
      "MEMORY.md":
        "# Memory\n\n- [Deploys](deploys.md) — how we deploy\n- The nightly job needs follow-up since it skips weekends\n- nothing here\n",
      "deploys.md":
        "---\nname: deploys\ntype: project\n---\n\n## Needs follow-up\n\n- check the rollback script in scripts/rollback.sh\n- ~~needs follow-up: done long ago~~\n",
      "old.md": FLAGGED,
      "notes.txt": FLAGGED,
    },
    { "old.md": 25 },
  );
  const { items, texts, problem } = await ask();
  expect(problem).toBeNull();
  expect(texts).toEqual([
    "The nightly job needs follow-up since it skips weekends",
    "check the rollback script in scripts/rollback.sh",
  ]);
  expect(items.map(({ why }) => why)).toEqual(["needs follow-up, MEMORY.md:4", "needs follow-up, deploys.md:8"]);
});

test("memory offers an entry once when the index points to the topic file that says more", async () => {
  const { ask } = project({
    "MEMORY.md": "- [Race in the log](race.md): needs follow-up\n",
    "race.md": "---\nname: Race in the log\nstatus: needs-follow-up\n---\n\nTwo writers, one offset.\n\nMore.\n",
  });
  expect((await ask()).texts).toEqual(["Race in the log: Two writers, one offset."]);
});

test("memory believes an entry's own date before the file's", async () => {
  const { ask } = project({
    "MEMORY.md":
      "- 2026-11-20 needs follow-up: today\n- 2026-11-19T13:00Z needs follow-up: within the day\n- 2026-11-18 needs follow-up: too old\n",
    "topic.md": "---\nmodified: 2026-11-17T08:00:00Z\n---\n- needs follow-up: old by its front matter\n",
  });
  expect((await ask()).texts.map((text) => text.replace(/^\S+ /, ""))).toEqual(["within the day", "today"]);
});

test("memory of a worktree is that of the main repository", async () => {
  const { ask, root, home } = project({ "MEMORY.md": FLAGGED });
  git(root, "worktree", "add", "-q", join(home, "elsewhere", "wt"), "-b", "topic");
  write(join(home, "elsewhere", "wt"), { "src/x.ts": "" });
  expect((await ask({}, join(home, "elsewhere", "wt", "src"))).texts).toEqual(["the cache is never emptied"]);
});

describe("memory finds the folder as the client does", () => {
  test("CLAUDE_COWORK_MEMORY_PATH_OVERRIDE, then autoMemoryDirectory, then CLAUDE_CONFIG_DIR", async () => {
    const { ask, home, root } = project({ "MEMORY.md": "- needs follow-up: default\n" });
    fill(join(home, "conf", "projects", slugOf(root), "memory"), { "MEMORY.md": "- needs follow-up: config\n" });
    fill(join(home, "mine"), { "MEMORY.md": "- needs follow-up: setting\n" });
    fill(join(home, "over"), { "MEMORY.md": "- needs follow-up: override\n" });
    expect((await ask()).texts).toEqual(["default"]);
    expect((await ask({ CLAUDE_CONFIG_DIR: join(home, "conf") })).texts).toEqual(["config"]);
    write(home, { ".claude/settings.json": '{"autoMemoryDirectory": "~/mine"}' });
    expect((await ask()).texts).toEqual(["setting"]);
    expect((await ask({ CLAUDE_COWORK_MEMORY_PATH_OVERRIDE: join(home, "over") })).texts).toEqual(["override"]);
  });

  test("a path too long for a folder's name is cut and ends in a hash of the client's", async () => {
    const home = scratch();
    const root = join(home, ...Array.from({ length: 12 }, (_, n) => `a-rather-long-folder-name-${n}`));
    write(root, { "a.txt": "" });
    git(root, "init", "-q");
    fill(join(home, ".claude", "projects", `${slugOf(root).slice(0, 200)}-1x2y3z`, "memory"), { "MEMORY.md": FLAGGED });
    expect((await asker()(memory, { env: { HOME: home }, cwd: root })).texts).toEqual(["the cache is never emptied"]);
  });

  test.each<[string, Record<string, string>, string, string]>([
    ["the variable", { CLAUDE_CODE_DISABLE_AUTO_MEMORY: "1" }, "{}", "CLAUDE_CODE_DISABLE_AUTO_MEMORY"],
    ["the user's setting", {}, '{"autoMemoryEnabled": false}', "the setting autoMemoryEnabled"],
  ])("switched off by %s it says so", async (_, env, settings, reason) => {
    const { ask, home } = project({ "MEMORY.md": FLAGGED });
    write(home, { ".claude/settings.json": settings });
    expect(await ask(env)).toMatchObject({
      items: [],
      problem: `unavailable: auto memory is switched off by ${reason}`,
    });
    expect((await ask({ CLAUDE_CODE_DISABLE_AUTO_MEMORY: "0" })).texts).toHaveLength(1);
  });

  test("a folder that is not there is named", async () => {
    const { ask } = project({ "MEMORY.md": FLAGGED });
    const { problem } = await ask({ CLAUDE_CONFIG_DIR: "/nowhere" });
    expect(problem).toMatch(/^unavailable: no memory folder "\/nowhere\/projects\/.*\/memory"$/);
  });
});

describe("flaggedEntries()", () => {
  const texts = (source: string) => flaggedEntries(source, NOON).map(({ text }) => text);

  test("reads the flag in the spellings that people use", () => {
    for (const flag of [
      "needs follow-up",
      "Needs Follow Up",
      "NEEDS_FOLLOW_UP",
      "needs-follow-up",
      "need follow-up",
      "needs a follow-up",
      "**needs follow-up**",
      "[needs follow-up]",
    ])
      expect([flag, texts(`- ${flag}: rotate the key\n`)]).toEqual([flag, ["rotate the key"]]);
    expect(texts("- rotate the key (follow-up needed)\n")).toEqual(["rotate the key (follow-up needed)"]);
  });

  test("leaves out what is settled or only speaks of follow-ups", () => {
    for (const line of [
      "- [x] needs follow-up: a",
      "- this no longer needs follow-up",
      "- does not need follow-up",
      "- ~~needs follow-up: a~~",
      "- nothing needs follow-up",
      "- the follow-up was sent",
      "- follow up on nothing",
    ])
      expect([line, texts(`${line}\n`)]).toEqual([line, []]);
  });

  test("takes what is indented below an entry, and the paragraph below a flagged heading", () => {
    expect(texts("- needs follow-up: one\n  and its second line\n- two\n")).toEqual(["one and its second line"]);
    expect(texts("### The lock leaks: needs follow-up\n\nSeen twice.\nOn Deno.\n\nOther.\n")).toEqual([
      "The lock leaks: Seen twice. On Deno.",
    ]);
    expect(texts("## Needs follow-up\n- a\n- b\n\n## Fine\n- c\n")).toEqual(["a", "b"]);
  });
});
