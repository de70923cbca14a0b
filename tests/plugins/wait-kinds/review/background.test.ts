// needs: time, gh
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import prCi from "../../../../plugins/wait-kinds/pr-ci.ts";
import review from "../../../../plugins/wait-kinds/review.ts";
import { isEnding } from "../../../../src/core/announce.ts";
import { isFinal } from "../../../../src/core/states.ts";
import type { Wait } from "../../../../src/core/wait.ts";
import { reportLine, terminationReport } from "../../../../src/inbox/report.ts";
import type { WaitKind } from "../../../../src/plugin.ts";
import { keepEarlyAnswer } from "../../../../src/threads/early-answers.ts";
import { Watch } from "../../../../src/watch/engine/watch.ts";
import { abandonWait } from "../../../../src/watch/owner/abandon.ts";
import { pinRequest, registerRequest } from "../../../../src/watch/register/watch-request.ts";
import type { Comment } from "../../../servers/github/conversation.ts";
import { threadId } from "../../../servers/github/graphql/reviews.ts";
import type { Thread } from "../../../servers/github/pull.ts";
import { bench, depsOf, type WatchOptions } from "../pr-ci/watch.ts";

const RABBIT = "coderabbitai[bot]";
const KINDS: Readonly<Record<string, WaitKind>> = { "pr-ci": prCi, review };

/** Pull request #42 with a check that passes, and background watches of it on one clock. */
async function background(options: Pick<WatchOptions, "skew"> = {}) {
  const one = await bench();
  onTestFinished(() => one.stop());
  const repo = one.world.repo("octo/app");
  repo.world.viewer = "me";
  const pull = repo.pull(42);
  pull.head.checks("test");
  const now = () => one.world.now();
  const deps = { ...depsOf(one, options), kind: async (name: string) => KINDS[name] ?? null };
  const watches = new Map<string, Watch>();
  const told: string[] = [];
  const tell = ({ kind, state, extra }: Wait) => told.push(`${kind} ${state}: ${extra.reason}`);
  const config = await deps.config("/");

  /** Takes up every wait that nobody watches, as a driver does. */
  const takeUp = () => {
    for (const wait of deps.store.read().waits.values()) {
      if (watches.has(wait.wait_id) || isFinal(wait.state)) continue;
      const signal = new AbortController().signal;
      const kind = KINDS[wait.kind]!;
      watches.set(wait.wait_id, new Watch({ wait, kind, config, deps, mode: "background", signal }));
    }
  };
  return {
    ...{ repo, pull, now, told, deps },
    at: (seconds: number, run: () => void) => one.world.at(seconds, run),
    thread: (more: Partial<Thread> = {}) =>
      pull.threads.push({ path: "src/app.ts", line: 3, author: RABBIT, body: "Off by one", at: now(), ...more }),
    reply: (index: number, more: Partial<Comment>) => {
      const thread = pull.threads[index]!;
      thread.replies = [...(thread.replies ?? []), { author: "me", body: "Done", at: now(), ...more }];
    },
    async watch(name: string) {
      const request = { kind: KINDS[name]!, ref: "42", session: "s1", cwd: one.home, repo: "octo/app" };
      await registerRequest(request, await pinRequest(request, true, deps), deps);
    },
    /** Loses what the watches remember, as a new driver does that finds no files of looks. */
    forget() {
      watches.clear();
      rmSync(deps.store.paths.looks, { recursive: true, force: true });
    },
    async abandon(name: string) {
      for (const wait of deps.store.read().waits.values()) if (wait.kind === name) await abandonWait(wait, deps);
    },
    /** Lets the watches go on until so many seconds after the world was made. */
    async until(second: number) {
      for (;;) {
        takeUp();
        const due = [...watches.values()].filter(({ isCurrent }) => isCurrent).sort((a, b) => a.dueAt - b.dueAt)[0];
        const pauseS = due ? Math.max(0.001, (due.dueAt - one.clock.monotonic()) / 1000) : 60;
        if (one.world.elapsed() + pauseS > second) break;
        one.clock.advance(pauseS);
        const step = await due?.step();
        if (step?.next === "ended" && isEnding(step.wait.last)) tell(step.wait);
        if (due && step?.next === "lost") watches.delete(due.waitId);
      }
      one.clock.advance(Math.max(0, second - one.world.elapsed()));
    },
  };
}

describe("in the background", () => {
  test("somebody is told once of threads that come one by one, and not of answers or of what is resolved", async () => {
    const { pull, at, told, thread, reply, watch, until } = await background();
    pull.head.status({ context: "CodeRabbit", states: [[0, "SUCCESS", "Review completed"]] });
    await watch("review");
    await until(120);
    expect(told).toEqual([expect.stringMatching(/^review GREEN: \w{7} is reviewed by CodeRabbit/)]);
    for (const second of [130, 150, 190]) at(second, () => thread({ author: "ann", path: `src/${second}.ts` }));
    await until(1500);
    expect(told).toHaveLength(2);
    expect(told[1]).toMatch(/^review RED_CLASSIFIED: 3 review threads are open \(ann 3\)/);
    at(1501, () => {
      for (const index of [0, 1, 2]) reply(index, {});
      for (const one of pull.threads) one.resolved = true;
    });
    at(1600, () => reply(0, { author: "ann", body: "thanks" }));
    await until(4000);
    expect(told).toHaveLength(3);
    expect(told[2]).toMatch(/^review GREEN: /);
  });

  test("somebody is told of the text of a review that requests nothing, once", async () => {
    const { pull, at, now, told, watch, until } = await background();
    pull.head.status({ context: "CodeRabbit", states: [[0, "SUCCESS", "Review completed"]] });
    await watch("review");
    await until(120);
    expect(told).toHaveLength(1);
    at(130, () => pull.reviews.push({ author: "bob", state: "COMMENTED", body: "I have doubts", at: now() }));
    await until(4000);
    expect(told).toHaveLength(2);
    expect(told[1]).toMatch(/^review GREEN: .*; bob wrote a comment$/);
  });

  test("an answer that the session gives wakes nobody, and what is said to it does", async () => {
    const { pull, at, told, thread, reply, watch, until } = await background();
    pull.head.status({ context: "CodeRabbit", states: [[0, "SUCCESS", "Review completed"]] });
    thread();
    await watch("review");
    await until(400);
    at(401, () => reply(0, { body: "It is right so" }));
    await until(2000);
    expect(told).toHaveLength(1);
    at(2001, () => reply(0, { author: RABBIT, body: "I do not think so" }));
    await until(4000);
    expect(told).toHaveLength(2);
    expect(told[1]).toContain("1 review thread is open (coderabbitai)");
  });

  test("a thread that p9 answered before its fix is resolved with the push of it, and no other", async () => {
    const { pull, at, told, thread, reply, watch, until, deps, now } = await background();
    const done = () => ({ context: "CodeRabbit", states: [[0, "SUCCESS", "Review completed"]] }) as never;
    pull.head.status(done());
    thread({ sha: pull.head.sha });
    thread({ sha: pull.head.sha, path: "src/b.ts" });
    await watch("review");
    await until(400);
    expect(told).toHaveLength(1);
    const answered = { id: threadId(pull.threads[0]!, pull), repo: "octo/app", number: 42, head: pull.head.sha };
    at(401, () => {
      keepEarlyAnswer(join(deps.store.paths.data, "review"), answered);
      reply(0, { at: now() });
      reply(1, { at: now() });
    });
    await until(1200);
    expect(pull.threads.map(({ resolved = false }) => resolved)).toEqual([false, false]);
    at(1201, () => pull.push("the fix").status(done()));
    await until(3000);
    expect(pull.threads.map(({ resolved = false }) => resolved)).toEqual([true, false]);
    expect(readdirSync(join(deps.store.paths.data, "review"))).toEqual([]);
  });

  test("an edit of a comment is told as a new one is, but not the session's own, nor a mark that it was done", async () => {
    const { pull, at, told, thread, reply, watch, until, now } = await background();
    pull.head.status({ context: "CodeRabbit", states: [[0, "SUCCESS", "Review completed"]] });
    thread({ author: "ann" });
    thread({ path: "src/b.ts" });
    await watch("review");
    await until(700);
    expect(told).toHaveLength(1);
    at(701, () => {
      reply(0, {});
      reply(1, {});
    });
    at(1400, () => Object.assign(pull.threads[1]!, { body: "✅ Addressed in commit 3f2a91c", editedAt: now() }));
    at(1500, () => Object.assign(pull.threads[0]!.replies![0]!, { body: "Done so", editedAt: now() }));
    at(1600, () => Object.assign(pull.threads[1]!, { body: "Off by one [x]", editedAt: now(), editor: "me" }));
    await until(3000);
    expect(told).toHaveLength(1);
    at(3001, () => Object.assign(pull.threads[0]!, { body: "And rename it", editedAt: now() }));
    await until(5000);
    expect(told).toHaveLength(2);
    expect(told[1]).toMatch(/^review RED_CLASSIFIED: 2 review threads are open \(ann, coderabbitai\)/);
    at(5001, () => pull.comments.push({ author: "ann", body: "Hm", at: now() }));
    await until(7000);
    expect(told).toHaveLength(3);
    at(7001, () => Object.assign(pull.comments[0]!, { body: "Do not merge", editedAt: now() }));
    await until(9000);
    expect(told).toHaveLength(4);
  });

  test("a thread that was drafted long before it was published is told", async () => {
    const { pull, at, told, thread, watch, until, now } = await background();
    pull.head.status({ context: "CodeRabbit", states: [[0, "SUCCESS", "Review completed"]] });
    const drafted = now();
    pull.comments.push({ author: "ann", body: "I look at it", at: now() + 1000 });
    thread({ author: "ann", at: now() });
    await watch("review");
    await until(900);
    expect(told).toHaveLength(1);
    at(901, () => thread({ author: "bea", path: "src/b.ts", at: drafted, publishedAt: now() }));
    await until(3000);
    expect(told).toHaveLength(2);
  });

  test("a thread that is opened again is shown and not told again, and a word in it is told", async () => {
    const { pull, at, told, thread, reply, watch, until, deps } = await background();
    const shown = () => [...deps.store.read().waits.values()].map(({ state }) => state);
    pull.head.status({ context: "CodeRabbit", states: [[0, "SUCCESS", "Review completed"]] });
    thread();
    await watch("review");
    await until(400);
    for (const [second, resolved] of [
      [401, true],
      [1501, false],
      [2501, true],
      [3501, false],
    ] as const)
      at(second, () => Object.assign(pull.threads[0]!, { resolved }));
    await until(1400);
    expect(shown()).toEqual(["GREEN"]);
    await until(2400);
    expect(shown()).toEqual(["RED_CLASSIFIED"]);
    await until(3400);
    expect(shown()).toEqual(["GREEN"]);
    await until(5000);
    expect(shown()).toEqual(["RED_CLASSIFIED"]);
    expect(told.map((text) => text.split(":")[0])).toEqual(["review RED_CLASSIFIED", "review GREEN"]);
    at(5001, () => reply(0, { author: RABBIT, body: "It is not done" }));
    await until(7000);
    expect(told).toHaveLength(3);
  });

  test("a watch of the reviews that somebody gave up does not come back when the log has forgotten it", async () => {
    const { at, told, thread, watch, until, abandon, deps, now } = await background();
    thread({ author: "ann", at: now() });
    await watch("pr-ci");
    await watch("review");
    await until(30);
    await abandon("review");
    const [one] = deps.store.read().waits.values();
    const note = { type: "wait.note", wait_id: one!.wait_id, note: "x".repeat(400) } as const;
    await deps.store.commit(() => Array.from({ length: 1000 }, () => note));
    expect([...deps.store.read().waits.values()].map(({ kind }) => kind)).toEqual(["pr-ci"]);
    await until(3000);
    expect(told).toEqual([expect.stringMatching(/^pr-ci GREEN/)]);
    at(3001, () => thread({ author: "ann", path: "src/b.ts" }));
    await until(6000);
    expect(told).toHaveLength(2);
  });

  test("its report names the page of the pull request, and counts what failed", async () => {
    const { pull, thread, watch, until, deps, now } = await background();
    const states: [number, "SUCCESS", string][] = [[0, "SUCCESS", "Review completed"]];
    pull.head.status({ context: "CodeRabbit", states });
    thread();
    pull.comments.push({ author: "ann", body: "Nice", at: now() });
    await watch("review");
    await until(900);
    const [wait] = deps.store.read().waits.values();
    const report = terminationReport(wait!);
    expect(report).toMatchObject({
      url: "https://github.com/octo/app/pull/42",
      classification: { failure_type: "review", failures: 1 },
    });
    expect(report.evidence).toHaveLength(2);
    expect(reportLine(wait!, report)).not.toContain("https://");
  });

  test.each([-7200, 7200])(
    "what somebody gave up stays so where this clock is %s s ahead of GitHub's",
    async (aheadS) => {
      const { at, told, thread, watch, until, abandon, now } = await background({ skew: () => aheadS * 1000 });
      thread({ author: "ann", at: now() });
      await watch("pr-ci");
      await watch("review");
      await until(30);
      await abandon("review");
      await until(2000);
      expect(told).toEqual([expect.stringMatching(/^pr-ci GREEN/)]);
      at(2001, () => thread({ author: "ann", path: "src/b.ts" }));
      await until(5000);
      expect(told).toHaveLength(2);
    },
  );

  test("a draft of a review that nobody has submitted wakes nobody", async () => {
    const { pull, at, told, thread, watch, until, now } = await background();
    pull.head.status({ context: "CodeRabbit", states: [[0, "SUCCESS", "Review completed"]] });
    await watch("review");
    await until(400);
    at(401, () => {
      for (let index = 0; index < 4; index += 1) thread({ author: "me", draft: true });
      pull.reviews.push({ author: "me", state: "PENDING", at: now() });
    });
    await until(3000);
    expect(told).toHaveLength(1);
  });

  test("a comment by one of the repository's people is told, and a bot's is not", async () => {
    const { pull, at, told, watch, until, now } = await background();
    pull.head.status({ context: "CodeRabbit", states: [[0, "SUCCESS", "Review completed"]] });
    await watch("review");
    await until(400);
    at(401, () => pull.comments.push({ author: RABBIT, body: "Summary", at: now() }));
    await until(2000);
    expect(told).toHaveLength(1);
    at(2001, () => pull.comments.push({ author: "ann", body: "Please wait for #7", at: now() }));
    await until(4000);
    expect(told).toHaveLength(2);
    expect(told[1]).toContain("ann wrote a comment");
  });

  test("the watch of the checks begins that of the reviews when somebody says something, once", async () => {
    const { at, told, thread, watch, until, deps, pull } = await background();
    await watch("pr-ci");
    await until(900);
    expect(told).toEqual([expect.stringMatching(/^pr-ci GREEN/)]);
    expect([...deps.store.read().waits.values()].map(({ kind }) => kind)).toEqual(["pr-ci"]);
    at(901, () => thread({ author: "ann" }));
    at(960, () => thread({ author: "ann", path: "src/b.ts" }));
    await until(3000);
    expect(told).toHaveLength(2);
    expect(told[1]).toMatch(/^review RED_CLASSIFIED: 2 review threads are open \(ann 2\)/);
    expect(pull.threads).toHaveLength(2);
    await until(6000);
    expect(told).toHaveLength(2);
  });

  test("a watch of the reviews that somebody gave up does not come back for what it knew", async () => {
    const { at, told, thread, watch, until, forget, abandon, now } = await background();
    thread({ author: "ann", at: now() });
    await watch("pr-ci");
    await watch("review");
    await until(30);
    await abandon("review");
    await until(3000);
    forget();
    await until(6000);
    expect(told).toEqual([expect.stringMatching(/^pr-ci GREEN/)]);
    at(6001, () => thread({ author: "ann", path: "src/b.ts" }));
    await until(8000);
    expect(told).toHaveLength(2);
  });

  test("a merge state that GitHub computes anew tells nobody anything", async () => {
    const { repo, pull, at, told, watch, until } = await background();
    repo.require({ required: ["test"], approvals: 1, source: "protection" });
    pull.head.status({ context: "CodeRabbit", states: [[0, "SUCCESS", "Review completed"]] });
    await watch("review");
    await until(1000);
    expect(told).toEqual([expect.stringMatching(/^review RED_UNCLASSIFIED: A required review is missing/)]);
    at(1001, () => {
      pull.mergeable = "UNKNOWN";
    });
    await until(2000);
    at(2001, () => {
      pull.mergeable = "MERGEABLE";
    });
    await until(4000);
    expect(told).toHaveLength(1);
  });

  test("it begins it for what a reviewer found in its check, once", async () => {
    const { told, watch, until, pull } = await background();
    const annotations = [{ path: "src/a.ts", line: 3, message: "Never closed" }];
    const bugbot = { name: "Cursor Bugbot", app: "cursor", title: "Found 1 potential issue", conclusion: "NEUTRAL" };
    pull.head.checks({ ...bugbot, starts: 0, ends: 30, annotations });
    await watch("pr-ci");
    await until(6000);
    expect(told).toEqual([
      expect.stringMatching(/^pr-ci GREEN/),
      expect.stringMatching(/^review RED_CLASSIFIED: 1 finding is in a check \(cursor\) on /),
    ]);
  });

  test("a comment from before the watch begins none, and a thread from before it does", async () => {
    const { at, told, thread, watch, until, deps, pull, now } = await background();
    pull.comments.push({ author: "ann", body: "Nice", at: now() });
    at(60, () => {});
    await until(60);
    await watch("pr-ci");
    await until(2000);
    expect([...deps.store.read().waits.values()].map(({ kind }) => kind)).toEqual(["pr-ci"]);
    thread({ author: "ann", at: pull.createdAt });
    await until(4000);
    expect(told).toEqual([expect.stringMatching(/^pr-ci GREEN/), expect.stringMatching(/^review RED_CLASSIFIED/)]);
  });

  test("a watch of the reviews that could not be registered is begun at the next look", async () => {
    const { at, told, thread, watch, until, deps } = await background();
    await watch("pr-ci");
    const { kind: known } = deps;
    let refused = 0;
    // What its kind cannot find now (a network that is gone) it finds later.
    deps.kind = async (name: string) => {
      const found = await known(name);
      if (name !== "review" || found === null || refused > 0) return found;
      refused += 1;
      return { ...found, pin: () => Promise.reject(new Error("no network")) };
    };
    at(400, () => thread({ author: "ann" }));
    await until(4000);
    expect([refused, told.length]).toEqual([1, 2]);
    expect(told[1]).toMatch(/^review RED_CLASSIFIED/);
  });

  test("it begins it too when nothing but a person's review is missing, and whose move it is is told once", async () => {
    const { repo, told, watch, until } = await background();
    repo.require({ required: ["test"], approvals: 1, source: "protection" });
    await watch("pr-ci");
    await until(6000);
    expect(told).toHaveLength(2);
    expect(told[0]).toMatch(/^pr-ci GREEN/);
    expect(told[1]).toMatch(/^review RED_UNCLASSIFIED: A required review is missing/);
  });

  test("where that is a code owner's whom nobody has asked, it is told once whom to ask", async () => {
    const { repo, pull, told, watch, until } = await background();
    repo.require({ required: ["test"], codeOwners: true });
    repo.files.set(".github/CODEOWNERS", { text: "* @octo/team\n" });
    pull.head.status({ context: "CodeRabbit", states: [[0, "SUCCESS", "Review completed"]] });
    await watch("review");
    await until(6000);
    expect(told).toEqual(["review RED_UNCLASSIFIED: A required review is missing. ask a code owner: @octo/team"]);
  });
});
