// needs: script, gh
import { chmodSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { onTerminal, plainText } from "../../../helpers/terminal.ts";
import { FAILED_TEST, jobsLab } from "./jobs-lab.ts";

/** A user whose build wrote 200 lines, and a pager that keeps what it is given. */
async function lab() {
  const made = await jobsLab();
  const { box, env, job } = made;
  job("test", "FAILURE", FAILED_TEST);
  await box.p9(["watch", "build", "--", "sh", "-c", "seq 200; exit 3"], { env });
  const kept = join(box.work, "paged");
  const pager = box.write("pager", `#!/bin/sh\n(echo "$LESS|$LV|$*"; cat) > ${kept}\n`);
  chmodSync(pager, 0o755);
  const [row] = (await box.json<{ open_waits: { wait_id: string }[] }>(["status"], { env })).open_waits;
  const show = (what: string, more: Record<string, string> = {}) =>
    onTerminal(box, `logs ${what}`, { env: { ...env, ...more }, columns: 60 });
  const paged = () => (existsSync(kept) ? plainText(readFileSync(kept, "utf8")) : null);
  return { ...made, pager, show, paged, build: row?.wait_id ?? "" };
}

test("what is longer than the screen goes through the pager of the user, and nothing else does", async () => {
  const { show, paged, pager, build } = await lab();
  const short = await show("42", { PAGER: pager });
  expect(plainText(short.text)).toContain("TS2322");
  expect(paged()).toBeNull();
  const long = await show(build, { PAGER: "no-such-pager", P9_PAGER: `${pager} one 'two` });
  expect(long).toEqual({ text: "", code: 0 });
  expect(paged()).toMatch(/^FRX\|-c\|one 'two\n[\s\S]*\n200\n$/);
});

test.each([
  ["an agent's", { CLAUDECODE: "1" }],
  ["one that P9_PAGER switches off", { P9_PAGER: "" }],
  ["cat", { P9_PAGER: "cat" }],
  ["one that is not there", { P9_PAGER: "/no/such/pager" }],
  ["one that env does not find", { P9_PAGER: "env no-such-pager" }],
  ["one that is killed", { P9_PAGER: "KILLED" }],
])("without a pager (%s) all of it is printed", async (_, more) => {
  const { show, paged, pager, build, box } = await lab();
  const killed = box.write("killed", "#!/bin/sh\nkill -9 $$\n");
  chmodSync(killed, 0o755);
  const env = Object.fromEntries(Object.entries(more).map(([name, value]) => [name, value.replace("KILLED", killed)]));
  const { text, code } = await show(build, { PAGER: pager, ...env });
  expect([code, plainText(text).trimEnd().split("\n").at(-1), paged()]).toEqual([0, "200", null]);
});

test("a pager that is left at once is no error, whatever it was given", async () => {
  const { show, box, build } = await lab();
  const quits = box.write("quits", "#!/bin/sh\nexec <&-\nexit 1\n");
  chmodSync(quits, 0o755);
  expect(await show(build, { PAGER: quits })).toEqual({ text: "", code: 0 });
});

test("headings are links and fit, and the telling lines are in colour", async () => {
  const { show } = await lab();
  const { text } = await show("42", { FORCE_HYPERLINK: "1" });
  expect(text).toMatch(
    /\u001b\]8;;https:\/\/github\.com\/octo\/app\/actions\/runs\/\d+\/job\/\d+\u001b\\\u001b\[1mtest › Unit tests/,
  );
  expect(text).toContain("\u001b[31m  | src/a.ts(12,5): error TS2322");
  for (const line of plainText(text).split("\n\n")[0]?.split("\n") ?? []) expect(line.length).toBeLessThanOrEqual(60);
});
