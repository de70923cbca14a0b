import { expect, test } from "vitest";
import { sandbox } from "../../../helpers/p9.ts";

test("list, pop and clear say that other sessions have items, and which flag reaches them", async () => {
  const box = sandbox();
  const queue = (session: string, ...args: string[]) =>
    box.p9(["wait-queue", ...args], { env: { BROOMVA_P9_SESSION: session, BROOMVA_P9_REPO: "o/r" } });
  for (const item of ["one", "two"]) await queue("theirs", "push", "--item", item);
  const list = await queue("mine", "list");
  expect(list).toMatchObject({
    stdout: "(empty)\n",
    stderr: "p9: 2 items of other sessions are not shown (--all shows them)\n",
  });
  const pop = await queue("mine", "pop", "--no-discover");
  expect(pop).toMatchObject({
    stdout: "(empty)\n",
    stderr: "p9: 2 items of other sessions are not handed out here (--all takes one)\n",
  });
  expect(await queue("theirs", "clear")).toMatchObject({ stdout: "2 items cleared\n", stderr: "" });
  await queue("theirs", "push", "--item", "three");
  await queue("mine", "push", "--item", "four");
  expect(await queue("mine", "clear")).toMatchObject({
    stdout: "1 item cleared\n",
    stderr: "p9: 1 item of other sessions is left (--all clears it too)\n",
  });
  expect((await queue("mine", "list", "--all")).stderr).toBe("");
});
