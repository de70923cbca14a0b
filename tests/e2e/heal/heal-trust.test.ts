// needs: gh
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type HealWorld, healWorld } from "./world.ts";

const scripts = (all: Record<string, string>) => `${JSON.stringify({ name: "app", private: true, scripts: all })}\n`;
const OWN = { lint: "grep -q good notes.txt", "lint:fix": "sh tools/fix.sh" };
const LINT = {
  name: "lint",
  command: "npx eslint .",
  scripted: (attempt: number) => ({
    lines: [
      "/w/src/a.js",
      "  1:1  error  x  semi",
      "✖ 1 problem (1 error, 0 warnings)",
      "  1 error and 0 warnings potentially fixable with the `--fix` option.",
    ],
    exit: attempt === 1 ? 1 : 0,
  }),
};
const FIX = ". ./lib/common\nprintf 'good\\n' > notes.txt\n";

/** A branch on which everything was trusted, then changed like this (`MARK` is a file that must not appear), red and healed. */
async function healed(
  change: Record<string, string>,
): Promise<{ world: HealWorld; code: number | null; said: string; marked: boolean }> {
  const world = await healWorld({
    files: { "package.json": scripts(OWN), "tools/fix.sh": FIX, "lib/common": "A=1\n", "notes.txt": "start\n" },
    change: { "notes.txt": "bad\n" },
    jobs: [LINT],
  });
  await world.trust();
  const mark = join(world.user.dir, "mark");
  const marking = Object.entries(change).map(([path, text]) => [path, text.replaceAll("MARK", mark)]);
  world.push(Object.fromEntries(marking));
  const own = { env: world.env, cwd: world.checkout };
  await world.user.p9(["watch", "42", "--interval", "1"], own);
  const { code, stderr } = await world.user.p9(["heal", "42", "--apply"], own);
  return { world, code, said: stderr, marked: existsSync(mark) };
}

test("the repair of a branch that changes text and data only runs at once", async () => {
  const { world, code, said } = await healed({ "README.md": "more\n", "data.json": "[]\n" });
  expect([code, said]).toEqual([0, expect.stringContaining('running "npm run lint:fix"')]);
  expect(world.file("notes.txt")).toBe("good");
});

test.each([
  [
    "a script around a trusted one",
    { "package.json": scripts({ ...OWN, "prelint:fix": "touch MARK" }) },
    "not trusted as it stands",
  ],
  ["what a trusted script loads", { "lib/common": "touch MARK\n" }, "not trusted as it stands"],
  [
    "the shell that the runner takes",
    { ".npmrc": "script-shell=./evil\n", evil: "#!/bin/sh\ntouch MARK\n" },
    "that can run",
  ],
])("%s, changed by the branch, does not run", async (_, change, why) => {
  const { world, code, said, marked } = await healed(change as Record<string, string>);
  expect([code, marked]).toEqual([7, false]);
  expect(said).toContain(why);
  expect(world.file("notes.txt")).toBe("bad");
});
