// needs: time, gh
import { expect, test } from "vitest";
import { reviewers } from "../../../../plugins/reviewers/registry.ts";
import review from "../../../../plugins/wait-kinds/review.ts";
import { isEnding } from "../../../../src/core/announce.ts";
import { isFinal } from "../../../../src/core/states.ts";
import type { Wait } from "../../../../src/core/wait.ts";
import { readMergeFacts } from "../../../../src/merge/read-facts.ts";
import { NO_STANDING } from "../../../../src/merge/standing.ts";
import { mergeVerdict } from "../../../../src/merge/verdict.ts";
import { knownReviewers } from "../../../../src/reviewers/known.ts";
import { reviewPolicyOf } from "../../../../src/reviewers/policy.ts";
import { readReviewStanding } from "../../../../src/reviewers/standing.ts";
import { Watch } from "../../../../src/watch/engine/watch.ts";
import { pinRequest, registerRequest } from "../../../../src/watch/register/watch-request.ts";
import { mergeState } from "../../../servers/github/rules/merge-state.ts";
import { bench, depsOf } from "../pr-ci/watch.ts";
import { Story } from "./model/story.ts";

const FIRST = Number(process.env.P9_SEED ?? 1);
const SEEDS = Number(process.env.P9_SEEDS ?? (process.env.P9_SOAK ? 300 : 6));
const STEPS = 40;

/** Plays one history, a background watch beside it, and says what p9 got wrong. */
async function play(seed: number): Promise<string[]> {
  const one = await bench();
  try {
    const repo = one.world.repo("octo/app");
    repo.world.viewer = "me";
    const pull = repo.pull(42);
    pull.head.checks("test");
    const story = new Story(seed, pull);
    const names = story.expected.map(({ name }) => name);
    const reviews = { reviewers: names, settle: { quiet: 30, lifecycle: 300, ceiling: 900 } };
    const config = { reviews };
    const base = depsOf(one, { config });
    const deps = { ...base, kind: async (name: string) => (name === "review" ? review : null) };
    const watchConfig = await deps.config("/");
    const known = await knownReviewers(reviewers, {});
    const wrong: string[] = [];
    const told: { outcome: string; head: string | null; at: number }[] = [];
    const claim = (text: string) => wrong.push(`seed ${seed} at ${Math.round(one.world.elapsed())} s: ${text}`);

    const judge = (wait: Wait) => {
      const { state, sha, extra } = wait;
      const at = repo.world.now();
      const outcome = extra.outcome ?? "";
      if (state === "GREEN" && sha === pull.head.sha) {
        for (const bot of story.expected) if (!story.hasRead(bot)) claim(`GREEN, and ${bot.name} has not read it`);
        if (story.work().length > 0) claim(`GREEN, and ${story.work().length} threads are open`);
        if (story.requests().length > 0) claim(`GREEN, and changes are requested`);
      }
      if (!isEnding(wait.last)) return;
      const before = told.findLast((other) => other.outcome === outcome && other.head === sha);
      const isNew = !before || story.words.some((time) => time > before.at - 1000 && time <= at);
      if (!isNew) claim(`told ${outcome} twice, and nobody had said anything`);
      told.push({ outcome, head: sha, at });
    };

    let watch: Watch | null = null;
    const takeUp = async () => {
      const open = [...deps.store.read().waits.values()].find(({ state }) => !isFinal(state));
      if (open && watch?.isCurrent) return watch;
      if (!open) {
        told.length = 0;
        const request = { kind: review, ref: "42", session: "s1", cwd: one.home, repo: "octo/app" };
        await registerRequest(request, await pinRequest(request, true, deps), deps);
      }
      const wait = [...deps.store.read().waits.values()].find(({ state }) => !isFinal(state))!;
      const signal = new AbortController().signal;
      watch = new Watch({ wait, kind: review, config: watchConfig, deps, mode: "background", signal });
      return watch;
    };
    const until = async (second: number) => {
      while (one.world.elapsed() < second) {
        const now = await takeUp();
        const pauseS = Math.max(0.001, (now.dueAt - one.clock.monotonic()) / 1000);
        one.clock.advance(Math.min(pauseS, second - one.world.elapsed() + 0.001));
        if (now.dueAt > one.clock.monotonic()) break;
        const step = await now.step();
        if (step.next === "ended") judge(step.wait);
        if (step.next === "lost") watch = null;
      }
    };
    const merge = async () => {
      const github = await deps.github();
      const facts = await readMergeFacts(github, "octo/app", 42);
      const question = { repo: "octo/app", number: 42, head: facts.head, headAt: null, base: "main", known };
      const standing = await readReviewStanding(github, { ...question, policy: reviewPolicyOf(config) });
      for (const { reviewer, state } of standing.reviewers) {
        const bot = story.expected.find(({ name }) => name === reviewer.name)!;
        if (state === "done" && !story.hasRead(bot)) claim(`${bot.name} is done, and has not read it`);
      }
      if (!mergeVerdict(facts, { ...NO_STANDING, reviews: standing }).ready) return;
      for (const bot of story.expected) if (!story.hasRead(bot)) claim(`ready, and ${bot.name} has not read it`);
      if (!["CLEAN", "UNSTABLE", "HAS_HOOKS"].includes(mergeState(pull)))
        claim(`ready, and GitHub says ${mergeState(pull)}`);
      if (pull.threads.some(({ resolved }) => !resolved)) claim("ready, and a thread is open");
    };

    for (let at = 0, step = 0; step < STEPS; step += 1) {
      at += story.random.pick([1, 7, 40, 200]);
      await until(at);
      story.step();
      await merge();
      at = Math.max(at, one.world.elapsed());
    }
    await until(one.world.elapsed() + 20);
    story.finish();
    await until(one.world.elapsed() + 7200);
    const wait = [...deps.store.read().waits.values()].findLast(({ state }) => !isFinal(state));
    if (wait?.state !== "GREEN") claim(`at the end it is ${wait?.state}: ${wait?.extra.reason}`);
    return wrong.length > 0 ? [...wrong, ...story.log] : [];
  } finally {
    await one.stop();
  }
}

test("whatever reviewers and people do, no head is green or ready that an expected reviewer has not read, and nobody is told twice", {
  timeout: 3_600_000,
}, async () => {
  const wrong: string[] = [];
  for (let seed = FIRST; seed < FIRST + SEEDS; seed += 1) wrong.push(...(await play(seed)));
  expect(wrong).toEqual([]);
});
