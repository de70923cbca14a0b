import { execFileSync } from "node:child_process";
import { lstatSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { timestamp } from "../../../../src/base/clock.ts";
import type { Stats } from "../../../../src/stats/summary.ts";
import { ROOT, sandbox } from "../../../helpers/p9.ts";
import { row } from "../../../stats/sample.ts";

/** A home in which a session waited ten minutes, an hour ago, and worked for four of them. */
function home() {
  const user = sandbox();
  const start = Math.floor(Date.now() / 1000) * 1000 - 3_600_000;
  const at = (minute: number) => start + minute * 60_000;
  const lines = (name: string, rows: readonly object[]) =>
    writeFileSync(join(user.home, name), rows.map((entry) => `${JSON.stringify(entry)}\n`).join(""));
  mkdirSync(user.home, { recursive: true });
  lines("state.jsonl", [
    row("w1", at(0), null, "PUSHED"),
    row("w1", at(0), "PUSHED", "WATCHING"),
    row("w1", at(10), "WATCHING", "RED_CLASSIFIED", {
      extra: { outcome: "failed", classification: { failure_type: "test_flaky" }, target_ended_at: at(10) - 1500 },
    }),
  ]);
  const item = { id: "q1", source: "linear", item: "Write <b>notes</b>", created_at: timestamp(at(0)) };
  lines("queue.jsonl", [
    { type: "queue.discovered", ts: timestamp(at(1)), ...item },
    { type: "queue.leased", ts: timestamp(at(1)), id: "q1", session_id: "s1", lease_until: timestamp(at(61)) },
    { type: "queue.done", ts: timestamp(at(5)), id: "q1", session_id: "s1" },
    { type: "queue.leased", ts: timestamp(at(6)), id: "q2", session_id: "s1", lease_until: timestamp(at(7)) },
  ]);
  lines("wakes.jsonl", [
    { ts: timestamp(at(10)), id: "e1", wait_id: "w1", latency_s: 3 },
    { ts: timestamp(at(12)), id: "e1", wait_id: "w1", latency_s: 123 },
  ]);
  const run = { repo: "o/r", job: "test", signature: null, sha: "a", branch: null, duration: 1 };
  lines("ledger.jsonl", [
    { ts: timestamp(at(1)), ...run, tree: "t1", outcome: "failed", run: 1 },
    { ts: timestamp(at(2)), ...run, tree: "t1", outcome: "passed", run: 2 },
    { ts: timestamp(at(1)), ...run, tree: "t2", outcome: "failed", run: 3 },
    { ts: timestamp(at(3)), ...run, tree: "t2", outcome: "passed", run: 4 },
    { ts: timestamp(at(3)), ...run, tree: "t3", outcome: "failed", run: 5 },
  ]);
  const today = new Date().toISOString().slice(0, 10);
  writeFileSync(join(user.home, "github-points.json"), JSON.stringify({ "2020-01-01": 1000, [today]: 40 }));
  return user;
}

test("p9 stats --json gives the figures of the log, the queue, the inboxes and GitHub's points", async () => {
  const stats = await home().json<Stats>(["stats", "--since", "1d"]);
  expect(stats).toMatchObject({
    waits: 1,
    waited_s: 600,
    blocked_s: 600,
    reclaimed_s: 240,
    reclaimed_share: 0.4,
    // The lease of the second ran out.
    work: { items: 2, done: 1, time_s: 240, not_done: 1, not_done_s: 60 },
    wake_latency_s: { count: 1, median: 3 },
    verdict_latency_s: { count: 1, median: 1.5 },
    verdicts: { failed: 1 },
    flakes: 2,
    github_points: 40,
  });
});

test("p9 stats says it for people", async () => {
  const { stdout, code } = await home().p9(["stats"]);
  expect(code).toBe(0);
  expect(stdout).toContain("Reclaimed: 4m of 10m waited (40 %), with 1 piece of work done; 1 taken, not done (1m)");
});

test("p9 stats --html writes through a link, and replaces nothing that is no file", async () => {
  const user = home();
  const out = join(user.work, "out");
  symlinkSync("/dev/stdout", out);
  const piped = `node ${join(ROOT, "dist/p9.js")} stats --html out | cat`;
  expect(execFileSync("sh", ["-c", piped], { env: user.env, cwd: user.work, encoding: "utf8" })).toContain("<html");
  symlinkSync(user.write("real.html", "before"), join(user.work, "link.html"));
  await user.p9(["stats", "--html", "link.html"]);
  expect(readFileSync(join(user.work, "real.html"), "utf8")).toContain("<html");
  for (const name of ["out", "link.html"]) expect(lstatSync(join(user.work, name)).isSymbolicLink()).toBe(true);
});

test("p9 stats --html writes a page that only the user can read, beside the document of --json", async () => {
  const user = home();
  const stats = await user.json<Stats>(["stats", "--html", "page.html"]);
  const path = join(user.work, "page.html");
  expect(stats.waits).toBe(1);
  expect(readFileSync(path, "utf8")).toContain("Write &#60;b&#62;notes&#60;/b&#62;");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const refused = await user.p9(["stats", "--html", "no/such/folder/page.html"]);
  expect([refused.code, refused.stderr]).toEqual([3, expect.stringMatching(/^p9: Cannot write ".*page\.html"/)]);
});

test("p9 stats works where nothing ever happened", async () => {
  const { stdout, code } = await sandbox().p9(["stats"]);
  expect([code, stdout]).toEqual([0, "Nothing was waited for yet\n"]);
});
