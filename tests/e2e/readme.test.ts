// needs: git, gh, script
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../helpers/p9.ts";
import { commandOnTerminal, plainText } from "../helpers/terminal.ts";
import { blocksOf, commandsOf, patternOf } from "../references/snippets.ts";
import { healWorld } from "./heal/world.ts";

const [walk, install] = blocksOf(readFileSync(join(ROOT, "README.md"), "utf8"))
  .filter(({ language }) => language === "console")
  .map(({ text }) => commandsOf(text));

/** A user at a terminal, in a checkout with a pull request whose formatting is wrong, and `p9` on PATH. */
async function atTerminal() {
  const world = await healWorld({
    files: {
      "package.json": JSON.stringify({
        name: "app",
        private: true,
        scripts: { format: "biome format --write src", "format:check": "biome format src" },
      }),
      "biome.json": JSON.stringify({ formatter: { enabled: true, indentStyle: "space" } }),
    },
    change: { "src/a.js": "export const a   = {b:1}\n" },
    jobs: [
      { name: "format", command: "npm run --silent format:check" },
      { name: "test", command: "true" },
    ],
  });
  const bin = join(world.user.dir, "bin");
  mkdirSync(bin);
  const program = `#!/bin/sh\nexec ${process.env.P9_TEST_NODE ?? "node"} ${join(ROOT, "dist/p9.js")} "$@"\n`;
  writeFileSync(join(bin, "p9"), program, { mode: 0o755 });
  world.git("config", "push.default", "current");
  const env = { ...world.env, PATH: `${bin}:${world.user.env.PATH}`, BROOMVA_P9_SESSION: "s1" };
  const type = { after: /\[y\/N\]/, keys: "y\n" };
  return (command: string) => commandOnTerminal(world.user, command, { env, columns: 300, cwd: world.checkout, type });
}

/** A text whose ids, times and counts are those of every run. */
function likeAny(text: string): string {
  return text
    .replace(/\b[0-9a-f]{7,12}\b/g, "ID")
    .replace(/pid=\d+/g, "pid=N")
    .replace(/ (?:in|after) (?:\d+[smh] ?)+(?= at)/g, "")
    .replace(/(?:\d{4}-\d\d-\d\d )?\d\d:\d\d/g, "TIME")
    .replace(/\(in [\dhms ]+\)/g, "(in TIME)");
}

test("README's walk runs as it is printed", { timeout: 180_000 }, async () => {
  const run = await atTerminal();
  // The id in README stands for the one that the queue gave.
  let id = "";
  for (const { command, output } of walk ?? []) {
    const typed = command.replace(/\s+#.*$/, "").replaceAll("q-1b2d315284", id);
    const { text, code } = await run(typed);
    // A live line is taken away again.
    const left = plainText(text.replace(/[^\n]*\r\u001b\[K/g, "")).trim();
    if (typed.includes("wait-queue push")) id = left;
    const red = output.includes("✗") ? 10 : 0;
    expect([typed, code, likeAny(left)]).toEqual([typed, red, expect.stringMatching(patternOf(likeAny(output)))]);
  }
});

test("what README says to do after installing it works", async () => {
  const run = await atTerminal();
  for (const { command } of (install ?? []).filter((one) => one.command.startsWith("p9 "))) {
    const { text, code } = await run(command.replace(/\s+#.*$/, ""));
    expect([command, code, text]).toEqual([command, 0, expect.any(String)]);
  }
});
