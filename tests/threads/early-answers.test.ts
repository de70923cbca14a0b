// needs: gh
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { createGitHub } from "../../src/github/client.ts";
import { run } from "../../src/process/exec.ts";
import { keepEarlyAnswer, resolveEarlyAnswers } from "../../src/threads/early-answers.ts";
import { threadId } from "../servers/github/graphql/reviews.ts";
import { startGitHub } from "../servers/github/mod.ts";
import type { Thread } from "../servers/github/pull.ts";

/** A head that was pushed and that GitHub does not show yet. */
const LATER = "0".repeat(40);

/** A thread of a bot on pull request #42, whose answer was kept, and what a wait for its reviews does about it. */
async function answered(thread: Partial<Thread>, begunOn = 0) {
  const github = await startGitHub();
  const home = mkdtempSync(join(tmpdir(), "p9-answers-"));
  onTestFinished(async () => {
    await github.stop();
    rmSync(home, { recursive: true, force: true });
  });
  const { world } = github;
  world.viewer = "me";
  const pull = world.repo("octo/app").pull(42);
  pull.push("second");
  const [first, second] = pull.heads.map(({ commit }) => commit.sha);
  const author = "coderabbitai[bot]";
  const reply = { author: "me", body: "Done", at: world.now() };
  pull.threads.push({
    path: "src/app.ts",
    author,
    at: world.now(),
    sha: pull.heads[begunOn]!.commit.sha,
    replies: [reply],
    ...thread,
  });
  const client = createGitHub({ exec: run, env: { ...process.env, ...github.env }, clock: systemClock, home });
  const folder = join(home, "answers");
  return {
    ...{ first: first!, second: second! },
    /** What a look at a head does about an answer that was kept on another. */
    async look({ on, at }: { readonly on: string; readonly at: string }) {
      keepEarlyAnswer(folder, { id: threadId(pull.threads[0]!, pull), repo: "octo/app", number: 42, head: on });
      const deps = { github: client, host: "github.com", known: [], reply: "bots" } as const;
      await resolveEarlyAnswers(folder, { repo: "octo/app", number: 42, head: at }, deps);
      return {
        resolved: pull.threads[0]!.resolved ?? false,
        kept: readdirSync(folder).length,
        asked: github.seen.length,
      };
    },
  };
}

test("an answered thread is resolved on a later head that has its fix", async () => {
  const { first, second, look } = await answered({});
  expect(await look({ on: first, at: second })).toMatchObject({ resolved: true, kept: 0 });
});

test("on the head that it was answered on nothing is asked or resolved, even where an earlier one was pushed before", async () => {
  const { second, look } = await answered({});
  expect(await look({ on: second, at: second })).toEqual({ resolved: false, kept: 1, asked: 0 });
});

test("while GitHub shows no commit behind the one that it was begun on, it is left for the next look", async () => {
  const { second, look } = await answered({}, 1);
  expect(await look({ on: second, at: LATER })).toMatchObject({ resolved: false, kept: 1 });
});

test("one that was answered again since stays open, and is forgotten", async () => {
  const replies = [
    { author: "me", body: "Done" },
    { author: "coderabbitai[bot]", body: "It is not" },
  ];
  const { first, second, look } = await answered({ replies });
  expect(await look({ on: first, at: second })).toMatchObject({ resolved: false, kept: 0 });
});
