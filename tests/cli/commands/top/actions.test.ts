// needs: time, tmux, gh
import { chmodSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { healWorld, UNTIL_GO } from "../../../e2e/heal/world.ts";
import { eventually } from "../../../helpers/p9.ts";
import { openTerminal, topOn } from "./terminal.ts";

const LINT_LOG = [
  "/w/src/a.js",
  "  1:1  error  x  semi",
  "✖ 1 problem (1 error, 0 warnings)",
  "  1 error and 0 warnings potentially fixable with the `--fix` option.",
];

/** A pull request that is red, and becomes green by `npm run lint:fix`, which is this. */
async function redWorld(fix: string) {
  const seen = new Set<string>();
  const lint = {
    name: "lint",
    command: "npx eslint .",
    // Only the first commit is red.
    scripted: (_: number, sha: string) => ({ lines: LINT_LOG, exit: seen.add(sha).size === 1 ? 1 : 0 }),
  };
  const scripts = { lint: "grep -q good notes.txt", "lint:fix": fix };
  const world = await healWorld({
    files: { "package.json": `${JSON.stringify({ name: "app", private: true, scripts })}\n`, "notes.txt": "start\n" },
    change: { "notes.txt": "bad\n" },
    jobs: [lint],
  });
  await world.user.p9(["watch", "42", "--interval", "1"], { env: world.env, cwd: world.checkout });
  return world;
}

test("a red pull request is opened, explained, and healed once that is trusted and asked for twice", async () => {
  const world = await redWorld("printf 'good\\n' > notes.txt");
  const { user } = world;
  const browser = user.write("browser", `#!/bin/sh\necho "$@" >> ${join(user.dir, "opened")}\n`);
  chmodSync(browser, 0o755);
  // Somewhere else than the checkout: what a key does happens where the wait was asked for.
  const terminal = openTerminal(user, { env: { ...world.env, BROWSER: browser } });
  await terminal.until(/ready>/);
  terminal.type(topOn("node"));
  terminal.press("Enter");
  await terminal.until(/✗ red +PR #42 \(octo\/app\) +Change/);

  terminal.press("o");
  await terminal.until(/Opened https:\/\/.*\/octo\/app\/actions\/runs\/\d+\/job\/\d+/);
  expect(readFileSync(join(user.dir, "opened"), "utf8")).toMatch(/^https:\/\/[^ ]+\/job\/\d+\n$/);

  terminal.press("l");
  await terminal.until(/p9 logs w[\s\S]*lint › [\s\S]*1:1 +error +x +semi/);
  terminal.press("w");
  await terminal.until(/p9 why 42[\s\S]*PR #42 \(octo\/app\) "Change one" is not ready to merge/);
  terminal.press("q");
  await terminal.until(/✗ red +PR #42/);
  terminal.press("h");
  await terminal.until(/p9 heal 42[\s\S]*trust/);
  expect(terminal.screen()).not.toContain("Press h again");
  const before = world.head();
  terminal.press("q");
  await world.trust();
  terminal.press("h");
  await terminal.until(/would run "npm run lint:fix"[\s\S]*Press h again to do that/);
  expect(world.head()).toBe(before);
  terminal.press("h");
  await terminal.until(/p9 heal 42 --repo octo\/app --apply\b(?! --dry)/);
  await eventually("the repair is pushed", () => world.head() !== before);
  expect(world.file("notes.txt")).toBe("good");
  terminal.press("q");
  await terminal.until(/✓ green +PR #42/);
  terminal.press("q");
  await eventually("the screen is back", () => terminal.ask("alternate_on") === "0");
});

test("a heal that runs when the view is left goes on in the foreground to its end", async () => {
  const world = await redWorld(`${UNTIL_GO}; printf 'good\\n' > notes.txt`);
  await world.trust();
  const terminal = openTerminal(world.user, { env: world.env });
  await terminal.until(/ready>/);
  terminal.type(topOn("node"));
  terminal.press("Enter");
  await terminal.until(/✗ red +PR #42/);
  terminal.press("h");
  await terminal.until(/Press h again to do that/);
  terminal.press("h");
  await terminal.until(/running "npm run lint:fix"/);
  terminal.press("q", "w");
  await terminal.until(/heal still runs/);
  const before = world.head();
  terminal.press("q");
  await terminal.until(/p9: heal still runs; Ctrl-C stops it/);
  expect(terminal.ask("alternate_on")).toBe("0");
  world.go();
  await terminal.until(/Ctrl-C stops it[\s\S]*ready> *$/m);
  expect(world.head()).not.toBe(before);
});
