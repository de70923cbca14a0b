// needs: time
import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { expect, test } from "vitest";
import { addCommand, emptyProgram } from "../../../../src/cli/program/build-program.ts";
import { createContext } from "../../../../src/cli/program/context.ts";
import type { Output } from "../../../../src/cli/program/output.ts";
import { main } from "../../../../src/cli/program/program.ts";
import { COMMANDS } from "../../../../src/cli/program/table.ts";
import { type Sandbox, sandbox } from "../../../helpers/p9.ts";

function outputTo(write: (text: string) => void): Output {
  return { write, isTTY: false, columns: () => 80, rows: () => 24, closed: new AbortController().signal };
}

/** The values offered after these words. */
async function offered({ env, work }: Sandbox, words: readonly string[]): Promise<string[]> {
  let text = "";
  const log = console.log;
  // The completion library prints its offers itself.
  console.log = (line: unknown) => {
    text += `${String(line)}\n`;
  };
  try {
    const output = outputTo((piece) => {
      text += piece;
    });
    await main(["complete", "--", ...words], { env, cwd: work, stdout: output, stderr: output });
  } finally {
    console.log = log;
  }
  return text.split("\n").map((line) => line.split("\t")[0] ?? "");
}

const leavesOf = (command: CommandUnknownOpts): readonly CommandUnknownOpts[] =>
  command.commands.length === 0 ? [command] : command.commands.flatMap(leavesOf);

test.each(COMMANDS.filter(({ hidden }) => !hidden).map((row) => [row.name, row] as const))(
  "p9 %s: every option of its help is offered, and every choice",
  async (name, row) => {
    const box = sandbox();
    const output = outputTo(() => {});
    const context = createContext({ argv: [name], rest: null }, { env: box.env, cwd: box.work, stdout: output });
    const program = emptyProgram(context);
    await addCommand(program, row, context);
    const [command] = program.commands;
    for (const leaf of command ? leavesOf(command) : []) {
      const path = leaf === command ? [name] : [name, leaf.name()];
      const options = leaf.createHelp().visibleOptions(leaf);
      const flags = options.flatMap(({ long }) => (long && long !== "--help" ? [long] : []));
      expect(await offered(box, [...path, "--"])).toEqual(expect.arrayContaining(flags));
      for (const { long, argChoices = [] } of options)
        if (long && argChoices.length > 0)
          expect(await offered(box, [...path, long, ""])).toEqual(expect.arrayContaining([...argChoices]));
      const [{ argChoices = [] } = { argChoices: [] as string[] }] = leaf.registeredArguments;
      if (argChoices.length > 0)
        expect(await offered(box, [...path, ""])).toEqual(expect.arrayContaining([...argChoices]));
    }
  },
);

test("items of the queue are offered where one is wanted", async () => {
  const box = sandbox();
  const id = (await box.p9(["wait-queue", "push", "--item", "Write it"])).stdout.trim();
  for (const what of ["done", "release"]) {
    const { stdout } = await box.p9(["complete", "--", "wait-queue", what, ""]);
    expect(stdout).toContain(`${id}\tWrite it`);
  }
});
