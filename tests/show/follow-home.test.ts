import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { followHome } from "../../src/show/follow-home.ts";
import { paths } from "../../src/store/paths.ts";
import { eventually } from "../helpers/p9.ts";
import { atTestEnd } from "../helpers/test-end.ts";

function following(home: string) {
  const end = new AbortController();
  const calls: number[] = [];
  followHome(paths(home), () => calls.push(performance.now()), end.signal);
  atTestEnd(() => end.abort());
  return { calls, end };
}

test("a change of a file is told soon, and many changes at once as one", async () => {
  const home = mkdtempSync(join(tmpdir(), "p9-follow-"));
  atTestEnd(() => rmSync(home, { recursive: true, force: true }));
  const { calls } = following(home);
  const at = performance.now();
  for (let count = 0; count < 50; count += 1) appendFileSync(join(home, "state.jsonl"), "{}\n");
  await eventually("the change was told", () => calls.length > 0);
  expect(calls).toHaveLength(1);
  appendFileSync(join(home, "state.jsonl"), "{}\n");
  await eventually("the next change was told too", () => calls.length > 1);
  // Before the beat.
  expect((calls[1] ?? 0) - at).toBeLessThan(4_500);
  expect((calls[1] ?? 0) - (calls[0] ?? 0)).toBeGreaterThan(900);
});

test("a home that is made later is followed from then on", async () => {
  const dir = mkdtempSync(join(tmpdir(), "p9-follow-"));
  atTestEnd(() => rmSync(dir, { recursive: true, force: true }));
  const home = join(dir, "state");
  const { calls, end } = following(home);
  mkdirSync(home);
  // The next beat finds it, and says so.
  await eventually("the beat", () => calls.length > 0);
  const before = calls.length;
  appendFileSync(join(home, "state.jsonl"), "{}\n");
  await eventually("the change was told", () => calls.length > before);
  end.abort();
});
