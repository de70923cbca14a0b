import { expect, test } from "vitest";
import type { Output } from "../../../src/cli/program/output.ts";
import { main } from "../../../src/cli/program/program.ts";
import { COMMANDS } from "../../../src/cli/program/table.ts";
import { sandbox } from "../../helpers/p9.ts";

/** Names of the subcommands in a help. */
const below = (help: string) => [
  ...(/^Commands:\n((?: {2}.*\n)+)/m.exec(help)?.[1] ?? "").matchAll(/^ {2}([a-z]\w*)/gm),
];

/** The lines of a help that are wider than 80 columns; a command that is to be copied stays whole. */
const wide = (help: string) => help.split("\n").filter((line) => line.length > 80 && !/^ {2}\$ p9 /.test(line));

/** What a command line writes to a pipe. */
async function written(words: readonly string[]): Promise<string> {
  const { env, work } = sandbox();
  let text = "";
  const output: Output = {
    write: (piece) => {
      text += piece;
    },
    isTTY: false,
    columns: () => 80,
    rows: () => 24,
    closed: new AbortController().signal,
  };
  await main(words, { env, cwd: work, stdout: output, stderr: output });
  return text;
}

async function helps(...words: readonly string[]): Promise<string[]> {
  const help = await written([...words, "--help"]);
  const all = [help];
  if (words.length === 1) for (const [, name = ""] of below(help)) all.push(...(await helps(...words, name)));
  return all;
}

test("no help is wider than 80 columns", async () => {
  const all = [await written(["--help"]), await written(["help", "exit-codes"])];
  for (const { name } of COMMANDS) all.push(...(await helps(name)));
  for (const kind of ["build", "deploy", "http", "index-sync", "command", "review"])
    all.push(...(await helps("watch", kind)));
  expect(all.length).toBeGreaterThan(COMMANDS.length + 10);
  expect(all.flatMap(wide)).toEqual([]);
});
