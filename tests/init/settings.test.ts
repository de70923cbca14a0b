import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "jsonc-parser";
import { describe, expect, test } from "vitest";
import { install, isPlainJson, uninstall, type Wanted } from "../../src/init/settings.ts";
import { hookGroups, isOurs, statuslineCommand } from "../../src/init/wiring.ts";

const FINDER = { program: "/opt/p 9/dist/p9.js" };
const WANTED: Wanted = {
  hooks: hookGroups(FINDER),
  statusline: (chained) => statuslineCommand(FINDER, chained),
};

const COMMENTED = `// My settings
{
	"model": "opus", // the big one
	/* hooks of another tool */
	"hooks": {
		"Stop": [
			{ "hooks": [{ "type": "command", "command": "notify-send done" }] }, // mine
		],
		"PostToolUse": [{ "matcher": "Edit", "hooks": [{ "type": "command", "command": "fmt" }] }]
	},
	"statusLine": { "type": "command", "command": "printf 'it''s me'", "padding": 1 },
}
`;

describe("install()", () => {
  test("makes a settings file of nothing", () => {
    const { text, done } = install("", WANTED);
    const value = JSON.parse(text);
    expect(Object.keys(value.hooks)).toEqual([...WANTED.hooks.keys()]);
    expect(value.hooks.FileChanged[0].hooks[0]).toMatchObject({ async: true, asyncRewake: true });
    expect(value.hooks.PostToolUse[0].matcher).toBe("Bash");
    expect(done).toHaveLength(9);
  });

  test("keeps comments, trailing commas, indentation, other hooks and every other key", () => {
    const { text } = install(COMMENTED, WANTED);
    for (const kept of [
      "// My settings",
      "// the big one",
      "/* hooks of another tool */",
      "// mine",
      '"notify-send done"',
    ])
      expect(text).toContain(kept);
    expect(text).toMatch(/^\t\t"SessionStart"/m);
    const value = parse(text, [], { allowTrailingComma: true });
    expect(value.model).toBe("opus");
    expect(value.hooks.Stop[0].hooks[0].command).toBe("notify-send done");
    expect(value.hooks.Stop).toHaveLength(2);
    expect(value.hooks.PostToolUse[0]).toEqual({ matcher: "Edit", hooks: [{ type: "command", command: "fmt" }] });
  });

  test("twice is once, to the byte", () => {
    const once = install(COMMENTED, WANTED).text;
    expect(install(once, WANTED)).toEqual({ text: once, done: [] });
  });

  test("renews hooks of an installation that moved instead of adding a second set", () => {
    const once = install("{}", WANTED).text;
    const finder = { program: "/new/dist/p9.js" };
    const moved = install(once, {
      hooks: hookGroups(finder),
      statusline: (chained) => statuslineCommand(finder, chained),
    });
    expect(moved.done.filter((line) => line.startsWith("renewed"))).toHaveLength(9);
    expect(moved.text).not.toContain("/opt/p 9");
    expect(JSON.parse(moved.text).hooks.Stop).toHaveLength(1);
  });

  test("chains the status line that is there and keeps its other keys", () => {
    const value = parse(install(COMMENTED, WANTED).text, [], { allowTrailingComma: true });
    expect(value.statusLine.padding).toBe(1);
    expect(value.statusLine.command).toMatch(/"\$p9\$f" statusline --chain '.*'; else eval '.*'; fi # refreshed # p9$/);
  });

  test("has the client refresh the chained line while it waits, unless it does, and takes that back", () => {
    const own = (more: object) =>
      JSON.stringify({ statusLine: { type: "command", command: "echo '# p9'", ...more } }, null, 2);
    for (const [before, interval] of [
      [own({}), 5],
      [own({ refreshInterval: 30 }), 30],
    ] as const) {
      const { text } = install(before, WANTED);
      expect(JSON.parse(text).statusLine.refreshInterval).toBe(interval);
      expect(install(text, WANTED)).toEqual({ text, done: [] });
      expect(uninstall(text).text).toContain('"command": "echo \'# p9\'"');
      expect(JSON.parse(uninstall(text).text)).toEqual(JSON.parse(before));
    }
  });

  test("gives the refresh to a line that an earlier version chained", () => {
    const earlier = JSON.stringify({
      statusLine: { type: "command", command: "/opt/p9 statusline --chain 'my line' # p9" },
    });
    const { statusLine } = JSON.parse(install(earlier, WANTED).text);
    expect(statusLine).toMatchObject({
      refreshInterval: 5,
      command: expect.stringMatching(/ statusline --chain 'my line'; .* # refreshed # p9$/),
    });
  });

  test.each([
    ["hooks that are a list", '{"hooks":[]}', /"hooks"/],
    ["an event that is an object", '{"hooks":{"Stop":{}}}', /"hooks.Stop"/],
    ["a list", "[]", /wanted an object/],
    ["a broken file", '{\n "a": 1 "b": 2 }', /line 2, column 9/],
  ])("refuses %s", (_, text, message) => {
    expect(() => install(text, WANTED)).toThrow(message);
  });
});

describe("uninstall()", () => {
  test("gives back what was there, chained status line included", () => {
    const back = uninstall(install(COMMENTED, WANTED).text);
    expect(parse(back.text, [], { allowTrailingComma: true })).toEqual(
      parse(COMMENTED, [], { allowTrailingComma: true }),
    );
    expect(back.text).toBe(COMMENTED.replace("}, // mine", "} // mine"));
  });

  test("leaves an empty file empty, and a stranger's file alone", () => {
    expect(JSON.parse(uninstall(install("{}", WANTED).text).text)).toEqual({});
    expect(uninstall(COMMENTED)).toEqual({ text: COMMENTED, done: [] });
  });

  test("takes one handler out of a group that others share", () => {
    const ours = WANTED.hooks.get("Stop")?.hooks[0];
    const shared = JSON.stringify({ hooks: { Stop: [{ hooks: [{ type: "command", command: "x" }, ours] }] } });
    expect(JSON.parse(uninstall(shared).text)).toEqual({
      hooks: { Stop: [{ hooks: [{ type: "command", command: "x" }] }] },
    });
  });
});

const WIRED = /^f=\/\.\.(\S+);.* "\$p9\$f"(.*) # p9$/;
const ROOT = `\${CLAUDE_PLUGIN_ROOT}`;

test("hooks.json of the plugin has the same events, matchers, scripts and flags as the hand-wired hooks", () => {
  const plugin = JSON.parse(readFileSync(join(import.meta.dirname, "../../hooks/hooks.json"), "utf8"));
  const wired = [...hookGroups({ program: "<root>/dist/p9.js" })].map(([event, group]) => [event, [group]]);
  const bare = (text: string) =>
    JSON.parse(text, (key, value) =>
      key === "command" ? value.replace(WIRED, "<root>$1$2").replaceAll('"', "").replace(ROOT, "<root>") : value,
    );
  expect(bare(JSON.stringify(plugin.hooks))).toEqual(bare(JSON.stringify(Object.fromEntries(wired))));
});

test("isOurs() knows p9's commands by their mark alone", () => {
  expect(isOurs("/anything/stop.sh # p9")).toBe(true);
  expect(isOurs("p9 status")).toBe(false);
  expect(isOurs(undefined)).toBe(false);
});

test("isPlainJson() says whether the client would read the file at all", () => {
  expect(isPlainJson("{}")).toBe(true);
  expect(isPlainJson(COMMENTED)).toBe(false);
});
