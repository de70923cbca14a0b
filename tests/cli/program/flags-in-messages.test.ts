import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { buildProgram } from "../../../src/cli/program/build-program.ts";
import { createContext } from "../../../src/cli/program/context.ts";
import { COMMANDS } from "../../../src/cli/program/table.ts";
import { allNotifiers, allQueueSources, allWaitKinds } from "../../../src/plugins-host/find/resolve.ts";
import { ROOT } from "../../helpers/p9.ts";

/** Flags of git, gh, kubectl and the like, which p9 gives to them or quotes of them. */
const OTHERS = /(?:^|[`"' (])(?:git|gh|diff|npm|npx|kubectl|flock|deno|psql|code)\b[^`"']*$/;

/** Every flag that a command, a wait kind, a queue source or a channel of p9 has. */
async function flags(): Promise<ReadonlySet<string>> {
  const found = new Set(["--help", "--version"]);
  for (const row of COMMANDS) {
    const program = await buildProgram(row, COMMANDS, createContext({ argv: [row.name], rest: null }));
    const open = [...program.commands];
    for (let command = open.pop(); command; command = open.pop()) {
      open.push(...command.commands);
      for (const { long } of command.options) if (long) found.add(long);
    }
  }
  const scope = { home: "/nowhere", env: {}, cwd: "/" };
  const parts = [...(await allWaitKinds(scope)), ...(await allQueueSources(scope)), ...(await allNotifiers(scope))];
  for (const name of parts.flatMap(({ options }) => Object.keys(options ?? {})))
    found.add(`--${name}`).add(`--no-${name}`);
  return found;
}

test("every flag that a message, a hint or a help text names is a flag of p9", async () => {
  const known = await flags();
  const files = execFileSync("git", ["ls-files", "src", "plugins"], { cwd: ROOT, encoding: "utf8" }).split("\n");
  const unknown = files
    .filter(
      (file) => file.endsWith(".ts") && !/base\/secrets\/|classify\/rules|templates\/|heal\/repair\/project/.test(file),
    )
    .flatMap((file) =>
      readFileSync(join(ROOT, file), "utf8")
        .split("\n")
        .filter((line) => !/^\s*(?:\/\/|\*|\/\*)/.test(line))
        // A sentence in quotes, not an argument that stands alone.
        .flatMap((line) => line.match(/(["`])(?:(?!\1).)*?[a-zA-Z,] (?:(?!\1).)*?\1/g) ?? [])
        .flatMap((text) =>
          [...text.matchAll(/(?<![\w-])--[a-z][a-z-]+\b/g)]
            .filter(({ index, 0: flag }) => !known.has(flag) && !OTHERS.test(text.slice(0, index)))
            .map(([flag]) => `${file}: ${flag} in ${text}`),
        ),
    );
  expect(unknown).toEqual([]);
});
