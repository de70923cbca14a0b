// needs: gh
import { describe, expect, test } from "vitest";
import { shaOf } from "../../../servers/github/mod.ts";
import { type Bench, bench, type Ending, type WatchOptions } from "./watch.ts";

const HOUR = 3_600_000;

/** What a watch may meet; the same at every clock. `local`: the time of this machine. */
const SITUATIONS: Record<string, (one: Bench, local: () => number) => WatchOptions> = {
  "a green of minutes ago, nothing required": ({ world, clock }) => {
    world.repo("octo/app").pull(42, { head: "first" }).head.checks("build");
    clock.advance(600);
    return {};
  },
  "checks that end in mid-watch, nothing required": ({ world }) => {
    world
      .repo("octo/app")
      .pull(42, { head: "first" })
      .head.checks({ name: "build", ends: 40 }, { name: "late", appears: 50, ends: 70 });
    return {};
  },
  "a base with more checks than have come up": ({ world }) => {
    const repo = world.repo("octo/app");
    repo.commit("base").checks("build", "e2e");
    repo.branches.set("main", shaOf("base"));
    repo.pull(42, { head: "first" }).head.checks({ name: "build", ends: 20 });
    return {};
  },
  "a push that GitHub shows after 20 s": ({ world, clock }, local) => {
    const pull = world.repo("octo/app").pull(42, { head: "first" });
    pull.head.checks("build");
    clock.advance(600);
    pull.push("second", { lag: 20 }).checks({ name: "build", appears: 5, ends: 90, conclusion: "FAILURE" });
    return { pushed: { sha: shaOf("second"), branch: "feature-42", at: local() } };
  },
  "a push that GitHub never shows": ({ world }, local) => {
    const repo = world.repo("octo/app");
    const pull = repo.pull(42, { head: "first" });
    pull.head.checks({ name: "build", ends: 330 });
    const { sha } = repo.commit("elsewhere", { parents: [pull.head.sha] });
    return { pushed: { sha, branch: "feature-42", at: local() } };
  },
  "no check at all": ({ world }) => {
    world.repo("octo/app").pull(42, { head: "first" });
    return {};
  },
  "a required check that never reports": ({ world }) => {
    const repo = world.repo("octo/app");
    repo.require({ required: ["build", "security"] });
    repo.pull(42, { head: "first" }).head.checks({ name: "build", ends: 30 });
    return {};
  },
  "no check, because the message says so": ({ world }) => {
    const repo = world.repo("octo/app");
    repo.workflows.push({ name: "CI", path: ".github/workflows/ci.yml", text: "on: pull_request" });
    repo.pull(42, { head: "first", message: "Say it better [skip ci]" });
    return {};
  },
  "a merge that shows some seconds after the queue's end": ({ world }) => {
    const pull = world
      .repo("octo/app")
      .require({ required: ["build"], mergeQueue: true })
      .pull(42, { head: "first" });
    pull.head.checks("build");
    pull.enqueue();
    world.at(60, () => {
      pull.queue = null;
    });
    world.at(110, () => pull.merge());
    return {};
  },
  "the rate limit used up for ten minutes": ({ world }) => {
    world.repo("octo/app").pull(42, { head: "first" }).head.checks({ name: "build", ends: 60 });
    world.at(20, () => world.rate.exhaust(600));
    return {};
  },
  "GitHub's request to wait for five minutes": ({ world }) => {
    world.repo("octo/app").pull(42, { head: "first" }).head.checks({ name: "build", ends: 60 });
    world.fault({ kind: "secondary", after: 20, times: 1, retryAfter: 300 });
    return {};
  },
  "a budget that is kept for the user": ({ world }) => {
    world.repo("octo/app").pull(42, { head: "first" }).head.checks({ name: "build", ends: 200 });
    world.at(10, () => world.rate.leave(1500));
    return {};
  },
};

/** The ending, when each look was made, and by whose clock the rest goes: all but that must be alike. */
async function watchWith(situation: string, skew: (one: Bench) => number) {
  const one = await bench();
  try {
    const ahead = () => skew(one);
    const options = SITUATIONS[situation]?.(one, () => one.clock.now() + ahead()) ?? {};
    const end = await one.watch({ ...options, skew: ahead });
    return { end, asked: one.github.seen.map(({ at }) => at) };
  } finally {
    await one.stop();
  }
}

const right = new Map<string, Promise<{ end: Ending; asked: readonly number[] }>>();
const rightly = (situation: string) => {
  const known = right.get(situation) ?? watchWith(situation, () => 0);
  right.set(situation, known);
  return known;
};

/** A date has whole seconds: so much later or sooner a moment of GitHub's may seem. */
const ABOUT_S = 2;

async function isAlike(situation: string, skew: (one: Bench) => number): Promise<void> {
  const [wanted, got] = [await rightly(situation), await watchWith(situation, skew)];
  expect({ outcome: got.end.outcome, sha: got.end.sha }).toEqual({ outcome: wanted.end.outcome, sha: wanted.end.sha });
  expect(got.end.reason).toBe(wanted.end.reason);
  expect(Math.abs(got.end.at - wanted.end.at)).toBeLessThanOrEqual(ABOUT_S);
  const pauses = (asked: readonly number[]) => Math.max(0, ...asked.slice(1).map((at, i) => at - (asked[i] ?? 0)));
  expect(Math.abs(pauses(got.asked) - pauses(wanted.asked))).toBeLessThanOrEqual(ABOUT_S);
}

const later = (ms: number) => (one: Bench) => (one.world.elapsed() % 600 > 15 ? ms : 0);

/** How the local clock goes. */
const CLOCKS: Record<string, (one: Bench) => number> = {
  "is an hour behind": () => -HOUR,
  "is set a day ahead in mid-watch": later(24 * HOUR),
  "is an hour ahead": () => HOUR,
  "is a day ahead": () => 24 * HOUR,
  "is set an hour back in mid-watch": later(-HOUR),
  "is set an hour ahead in mid-watch": later(HOUR),
};

const EVERY = ["a green of minutes ago, nothing required", "a push that GitHub shows after 20 s", "no check at all"];
/** Shown with a clock that is ahead too. */
const THREE = ["no check, because the message says so", "a merge that shows some seconds after the queue's end"];

describe.each(Object.keys(SITUATIONS))("%s", (situation) => {
  const some = THREE.includes(situation) ? 3 : 2;
  const clocks = Object.entries(CLOCKS).slice(0, EVERY.includes(situation) ? undefined : some);
  test.each(clocks)("ends as it does, and when it does, if the local clock %s", async (_, skew) => {
    await isAlike(situation, skew);
  });
});
