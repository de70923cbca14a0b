import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Sandbox, sandbox } from "../../../helpers/p9.ts";

const at = (msAgo: number) => `${new Date(Date.now() - msAgo).toISOString().slice(0, 19)}+00:00`;
const row = (n: number, msAgo: number, type = "driver.note") => `${JSON.stringify({ type, ts: at(msAgo), n })}\n`;

function log(lines: string): Sandbox {
  const box = sandbox();
  mkdirSync(box.home);
  writeFileSync(join(box.home, "state.jsonl"), lines);
  return box;
}
const numbers = (stdout: string): unknown[] =>
  stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line).n);

test("events tail prints every event as a JSON line, oldest first, with and without --json", async () => {
  const { p9 } = log(row(1, 9000) + row(2, 5000));
  const plain = await p9(["events", "tail"]);
  expect(numbers(plain.stdout)).toEqual([1, 2]);
  expect((await p9(["events", "tail", "--json"])).stdout).toBe(plain.stdout);
});

test("events tail on a home that does not exist prints nothing and makes nothing", async () => {
  const { p9 } = sandbox();
  expect(await p9(["events", "tail"])).toMatchObject({ code: 0, stdout: "", stderr: "" });
});

test.each(["events tail", "stats"])("%s --since names a time that no calendar has", async (command) => {
  const { code, stdout, stderr } = await sandbox().p9([...command.split(" "), "--since", "99999999999d"]);
  expect([code, stdout]).toEqual([3, ""]);
  expect(stderr).toBe(
    'p9: Cannot read --since "99999999999d": wanted a duration such as 6h, or a date such as 2026-01-31T12:00\n',
  );
});

test("--since compares moments, and not text", async () => {
  const zulu = `${JSON.stringify({ type: "driver.note", ts: new Date(Date.now() - 60_000).toISOString(), n: 2 })}\n`;
  const { p9 } = log(row(1, 2 * 3600_000) + zulu);
  expect(numbers((await p9(["events", "tail", "--since", "1h"])).stdout)).toEqual([2]);
  expect(numbers((await p9(["events", "tail", "--since", "1d"])).stdout)).toEqual([1, 2]);
  expect(
    numbers((await p9(["events", "tail", "--since", new Date(Date.now() - 600_000).toISOString()])).stdout),
  ).toEqual([2]);
});

test("--type keeps the types named, several at once, and families by *", async () => {
  const { p9 } = log(row(1, 9, "driver.a") + row(2, 9, "heal.b") + row(3, 9, "queue.c"));
  expect(numbers((await p9(["events", "tail", "--type", "driver.a,queue.c"])).stdout)).toEqual([1, 3]);
  expect(numbers((await p9(["events", "tail", "--type", "heal.*", "--type", "queue.c"])).stdout)).toEqual([2, 3]);
});

test("--follow prints what is appended later, and a half line only when it is whole", async () => {
  const box = log(row(1, 9));
  const tail = box.start(["events", "tail", "--follow"]);
  await tail.until(/"n":1/);
  const [head, rest] = [row(2, 9).slice(0, 12), row(2, 9).slice(12)];
  appendFileSync(join(box.home, "state.jsonl"), head);
  appendFileSync(join(box.home, "state.jsonl"), rest + row(3, 9));
  await tail.until(/"n":3/);
  tail.kill("SIGTERM");
  expect(numbers((await tail.ended).stdout)).toEqual([1, 2, 3]);
});

test("--follow waits for a log that is not there yet", async () => {
  const box = sandbox();
  const tail = box.start(["events", "tail", "--follow"]);
  mkdirSync(box.home);
  writeFileSync(join(box.home, "state.jsonl"), row(7, 9));
  await tail.until(/"n":7/);
  tail.kill("SIGTERM");
  await tail.ended;
});

test("lines that are no events are left out, and other text is shown escaped", async () => {
  const text = JSON.stringify({ type: "driver.note", ts: at(1), n: 5, text: "\u001b[31mé\u009b1m" });
  const { p9 } = log(`garbage\n{}\n\u0000\n${text}\n{"half`);
  const { stdout, code } = await p9(["events", "tail"]);
  expect(code).toBe(0);
  expect(numbers(stdout)).toEqual([5]);
  expect(stdout).not.toMatch(/[\u001b\u009b]/);
});
