// needs: time, gh, script
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { ROOT, type Sandbox, sandbox } from "../../../helpers/p9.ts";
import { startReceiver } from "../../../plugins/notifiers/receiver.ts";
import { startGitHub } from "../../../servers/github/mod.ts";

const POLICY = "ci_watch:\n  settle: 0\n  grace:\n    slow_look: 1s\nci_heal: {}\n";

type World = Awaited<ReturnType<typeof world>>;

/** A user in a repository with a policy, and GitHub with one pull request whose base requires `lint`. */
async function world(policy: string | null = POLICY) {
  const github = await startGitHub();
  onTestFinished(() => github.stop());
  const user = sandbox();
  if (policy !== null) user.write(".control/policy.yaml", policy);
  const repo = github.world.repo("octo/app");
  repo.require({ required: ["lint"], source: "protection" });
  const pull = repo.pull(42);
  const env = { ...github.env, BROOMVA_P9_REPO: "octo/app" };
  const p9 = (...args: string[]) => user.p9(args, { env });
  return { github, user, repo, pull, env, p9 };
}

/** The states that the log shows of pull request 42. */
function states(user: Sandbox): unknown[] {
  return user.events().flatMap((event) => (event.type === "transition" ? [event.to_state] : []));
}

describe("p9 merge-status", () => {
  test("exits 0 for what is ready and 1 for what is not, with the contract's document", async () => {
    const { pull, p9 } = await world(null);
    pull.head.checks("lint");
    const ready = await p9("merge-status", "42", "--json");
    expect(ready.code).toBe(0);
    expect(JSON.parse(ready.stdout)).toEqual({
      ready: true,
      state: "CLEAN",
      mergeable: "MERGEABLE",
      review_decision: "",
      unresolved_threads: 0,
      reason: expect.any(String),
      head: pull.head.sha,
      unmet: [],
    });
    pull.threads.push({ path: "a.ts" });
    const not = await p9("merge-status", "#42");
    expect(not.code).toBe(1);
    expect(not.stdout).toMatch(/^PR #42: NOT-READY — 1 review thread is not resolved: a\.ts:1 \(\w+\)$/m);
  });

  test.each(["https://github.com/octo/app/pull/42", "octo/app#42", "github.com/octo/app#42"])(
    "takes %s, whatever the directory's repository is",
    async (ref) => {
      const { pull, user, github } = await world(null);
      pull.head.checks("lint");
      const { code } = await user.p9(["merge-status", ref], { env: github.env });
      expect(code).toBe(0);
    },
  );

  test("takes a branch, and without an argument the one that is checked out", async () => {
    const { pull, p9, user } = await world(null);
    pull.head.checks("lint");
    const git = (...args: string[]) => spawnSync("git", args, { cwd: user.work, env: { ...user.env } });
    git("init", "-q", "-b", pull.branch);
    git("remote", "add", "origin", "https://github.com/octo/app.git");
    for (const args of [["feature-42"], []]) {
      expect((await p9("merge-status", ...args)).stdout).toMatch(/^PR #42: READY/m);
      expect((await p9("why", ...args)).stdout).toMatch(/^PR #42 \(octo\/app\) .* is ready to merge/);
    }
    const none = await p9("merge-status", "no-such-branch");
    expect([none.code, none.stdout]).toEqual([3, ""]);
  });

  test("is not kinder than the watch of a head on which nothing reported, until the policy and that watch say GREEN", async () => {
    const policy = "ci_watch:\n  no_checks: green\n  settle: 0\n  grace:\n    appear_with_workflows: 1s\nci_heal: {}\n";
    const { user, github } = await world(policy);
    const pull = github.world.repo("octo/free").pull(42);
    pull.repo.workflows.push({ name: "CI", path: ".github/workflows/ci.yml" });
    const p9 = (...args: string[]) => user.p9(args, { env: { ...github.env, BROOMVA_P9_REPO: "octo/free" } });
    const before = await p9("merge-status", "42");
    expect([before.code, before.stdout]).toEqual([
      1,
      expect.stringMatching(/NOT-READY — No check has reported on \w{7} yet, and its workflows may start for it/),
    ]);
    expect((await p9("watch", "42")).code).toBe(0);
    const after = await p9("merge-status", "42");
    expect([after.code, after.stdout]).toEqual([
      0,
      expect.stringMatching(/READY — no check is required and none reports/),
    ]);
    expect((await p9("merge-ready", "42")).code).toBe(0);
  });

  test("exits 4 with a document when GitHub cannot be read, and 3 for what is no pull request", async () => {
    const { github, p9, user } = await world(null);
    const none = await p9("merge-status", "7");
    expect([none.code, none.stderr]).toEqual([3, "p9: octo/app has no pull request #7\n"]);
    expect((await p9("merge-status", "abc")).code).toBe(3);
    expect((await user.p9(["merge-status", "42"], { env: { ...github.env, BROOMVA_P9_REPO: "-" } })).code).toBe(3);
    github.world.fault({ kind: "502" });
    const { code, stdout } = await p9("merge-status", "42", "--json");
    expect(code).toBe(4);
    expect(JSON.parse(stdout)).toMatchObject({
      ready: false,
      state: "QUERY_FAILED",
      unresolved_threads: -1,
      head: null,
    });
  });
});

describe("p9 merge-ready", () => {
  test("marks the watched head, says the contract's words (and the next step at a terminal), and a push takes it back", async () => {
    const { pull, p9, user, github, env } = await world();
    const server = await startReceiver();
    onTestFinished(server.close);
    mkdirSync(user.home, { recursive: true });
    writeFileSync(join(user.home, "notify.json"), JSON.stringify({ channels: [{ type: "webhook", url: server.url }] }));
    pull.head.checks("lint");
    expect((await p9("watch", "42", "--background")).code).toBe(0);
    await expect.poll(() => states(user)).toContain("GREEN");
    const marked = await p9("merge-ready", "42");
    expect([marked.code, marked.stdout]).toEqual([
      0,
      "PR #42 marked MERGE_READY (control metalayer authorizes merge)\n",
    ]);
    const command = `node ${join(ROOT, "dist/p9.js")} merge-ready 42 --unverified`;
    const people = spawnSync("script", ["-qec", command, "/dev/null"], {
      env: { ...user.env, ...env },
      cwd: user.work,
    });
    const head = pull.head.sha.slice(0, 7);
    expect(people.stdout.toString()).toBe(
      `PR #42 is marked ready at ${head}.\r\np9 never merges: gh pr merge 42 --repo octo/app\r\n`,
    );
    const row = user.events().findLast((event) => event.to_state === "MERGE_READY");
    expect(row).toMatchObject({ sha: pull.head.sha, extra: { merge_verdict: { ready: true, head: pull.head.sha } } });
    expect((await p9("merge-ready", "42")).code).toBe(0);
    pull.push("more").checks({ name: "lint", starts: 0, ends: null });
    await expect.poll(() => states(user).at(-1)).toBe("WATCHING");
    const kinds = () => server.received.map(({ json }) => json.kind);
    await expect.poll(kinds).toEqual(["termination:green", "termination:merge_ready", "merge_ready:withdrawn"]);
    const status = await user.json<{ open_prs: { told: { channel: string; ok: boolean }[] }[] }>(["status"], {
      env: { ...github.env, ...env },
    });
    expect(status.open_prs[0]?.told).toContainEqual(expect.objectContaining({ channel: "webhook", ok: true }));
  });

  test.each<[string, (all: World) => void]>([
    ["a review that asks for changes", ({ pull }) => pull.reviews.push({ author: "bob", state: "CHANGES_REQUESTED" })],
    [
      "a required check that fails again",
      ({ pull }) => pull.head.checks({ name: "lint", run: 2, conclusion: "FAILURE" }),
    ],
  ])("%s takes it back", async (_, change) => {
    const all = await world();
    all.pull.head.checks("lint");
    await all.p9("watch", "42", "--background");
    await expect.poll(() => states(all.user)).toContain("GREEN");
    expect((await all.p9("merge-ready", "42")).code).toBe(0);
    change(all);
    await expect.poll(() => states(all.user).at(-1)).not.toBe("MERGE_READY");
  });

  test("a mark that was taken back is reported as such, by the watcher and by the command that finds it out", async () => {
    const { user, pull, p9 } = await world();
    const reported = async () => (await p9("report", "--pr", "42", "--repo", "octo/app")).stdout.split("\n");
    const taken = async () =>
      (await reported()).filter((line) =>
        /GREEN {2}✗ PR #42 is not ready to merge at \w{7}: The mark MERGE_READY was taken back: /.test(line),
      ).length;
    pull.head.checks("lint");
    await p9("watch", "42", "--background");
    await expect.poll(() => states(user)).toContain("GREEN");
    expect((await p9("merge-ready", "42")).code).toBe(0);
    pull.reviews.push({ author: "bob", state: "CHANGES_REQUESTED" });
    await expect.poll(taken, { timeout: 10_000 }).toBe(1);
    pull.reviews.push({ author: "bob", state: "APPROVED" });
    expect((await p9("merge-ready", "42")).code).toBe(0);
    pull.threads.push({ path: "a.ts" });
    await p9("merge-ready", "42");
    await expect.poll(taken, { timeout: 10_000 }).toBe(2);
    const shown = (await p9("status")).stdout;
    expect(shown).toMatch(/ago at \w{7} .*The mark MERGE_READY was taken back: 1 review thread/);
  });

  test("what was watched in the foreground is watched on once it is marked, so that a push takes it back", async () => {
    const { pull, p9, user } = await world();
    pull.head.checks("lint");
    expect((await p9("watch", "42")).code).toBe(0);
    expect((await p9("merge-ready", "42")).code).toBe(0);
    pull.push("more").checks({ name: "lint", starts: 0, ends: null });
    await expect.poll(() => states(user).at(-1)).toBe("WATCHING");
  });

  test("refuses what is not GREEN, what is not ready, and a head that was not watched", async () => {
    const { pull, p9, user } = await world();
    const unknown = await p9("merge-ready", "42", "--json");
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toMatch(/PR #42 \(octo\/app\) cannot be marked ready: p9 has not watched it/);
    expect(JSON.parse(unknown.stdout)).toMatchObject({ ready: false, state: null });
    pull.head.checks("lint");
    expect((await p9("watch", "42")).code).toBe(0);
    pull.threads.push({ path: "a.ts" });
    const refused = await p9("merge-ready", "42");
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringMatching(/NOT merge-ready: 1 review thread/)]);
    pull.threads = [];
    pull.push("unseen").checks("lint");
    const moved = await p9("merge-ready", "42");
    expect([moved.code, moved.stderr]).toEqual([1, expect.stringMatching(/its head is \w{7}, and \w{7} was watched/)]);
    expect(states(user)).not.toContain("MERGE_READY");
    expect((await p9("merge-ready", "42", "--no-verify")).code).toBe(0);
    expect(states(user)).toContain("MERGE_READY");
  });

  test("wants a policy that allows it", async () => {
    expect((await (await world(null)).p9("merge-ready", "42")).code).toBe(2);
    expect((await (await world("ci_watch:\n  enabled: false\nci_heal: {}\n")).p9("merge-ready", "42")).code).toBe(7);
    expect((await (await world("ci_watch:\n  enabled: maybe\nci_heal: {}\n")).p9("merge-ready", "42")).code).toBe(2);
  });
});

describe("p9 why", () => {
  test("tells what p9's own watch of that head ended with, and never calls its reason nothing", async () => {
    const { user, github } = await world("ci_watch:\n  settle: 0\n  grace:\n    appear: 1s\nci_heal: {}\n");
    github.world.repo("octo/free").pull(42);
    const p9 = (...args: string[]) => user.p9(args, { env: { ...github.env, BROOMVA_P9_REPO: "octo/free" } });
    expect((await p9("watch", "42")).code).toBe(11);
    const { stdout } = await p9("why", "42");
    expect(stdout).toContain("is ready to merge at");
    expect(stdout).toMatch(/p9 \(pr-ci\) has it as RED_UNCLASSIFIED for \w+ \(no_checks\): No check reported on \w{7}/);
    expect(stdout).toContain("p9 merge-ready only marks what p9 has as GREEN: set ci_watch.no_checks: green");
  });

  test("names the check in the way where none is required, and nothing as not in the way", async () => {
    const { user, github } = await world(null);
    github.world.repo("octo/free").pull(42).head.checks({ name: "lint", conclusion: "FAILURE" });
    const { stdout } = await user.p9(["why", "42", "--repo", "octo/free"], { env: github.env });
    expect(stdout).toContain('  - Check "lint" failed (failure), and no check is known to be required');
    expect(stdout).not.toContain("Not in the way");
  });

  test("tells people each unmet condition and whose move it is", async () => {
    const { pull, p9 } = await world(null);
    pull.head.checks({ name: "lint", conclusion: "FAILURE" }, { name: "docs", conclusion: "FAILURE" });
    pull.autoMerge = "SQUASH";
    const { code, stdout } = await p9("why", "42");
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^PR #42 \(octo\/app\) "Change number 42" is not ready to merge at \w{7}\n {2}- Required check "lint" failed/,
    );
    expect(stdout).toContain('Not in the way: "docs" failed and is not required');
    expect(stdout).toContain("p9 does not watch it: p9 watch 42 --repo octo/app");
    const document = JSON.parse((await p9("why", "42", "--json")).stdout);
    expect(document).toMatchObject({ ready: false, pr: 42, repo: "octo/app", watched: null, optional_red: ["docs"] });
  });
});
