import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { freeSpace } from "../../../src/heal/repair/free-space.ts";
import { runCommand } from "../../../src/heal/repair/run-command.ts";
import { run } from "../../../src/process/exec.ts";

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), "p9-run-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}
const deps = { exec: run, env: { PATH: process.env.PATH }, secretsOf: {} };
const GIB = 2 ** 30;

test("a command that fills the disk is ended with all that it started, and that is said", async () => {
  const dir = folder();
  // The disk of the test is large: so much is free as the command says.
  const free = () => (existsSync(join(dir, "filled")) ? GIB / 2 : 20 * GIB);
  const line = "(while :; do date +%s%N > beat; sleep 0.05; done) & echo > filled; sleep 60";
  const started = performance.now();
  expect(await runCommand(line, dir, { ...deps, free })).toMatchObject({ ok: false, cut: "the disk ran full" });
  expect(performance.now() - started).toBeLessThan(30_000);
  const last = readFileSync(join(dir, "beat"), "utf8");
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(readFileSync(join(dir, "beat"), "utf8")).toBe(last);
});

test("a command runs to its end on a disk that was nearly full before, and where the system says nothing", async () => {
  const dir = folder();
  for (const free of [() => GIB / 4, () => null]) {
    const ended = await runCommand("sleep 1.5; echo done; exit 3", dir, { ...deps, free });
    expect(ended).toMatchObject({ ok: false, code: 3, cut: null, tail: "done" });
  }
});

test("what is free on this machine's disk is known", () => {
  expect(freeSpace(tmpdir())).toBeGreaterThan(0);
  expect(freeSpace(join(folder(), "none"))).toBeNull();
});
