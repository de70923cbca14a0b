import { describe, expect, test } from "vitest";
import { isEnding } from "../../../src/core/announce.ts";
import type { LookResult } from "../../../src/plugin.ts";
import { Watch } from "../../../src/watch/engine/watch.ts";
import { scriptedKind, world } from "../world.ts";

const HEADS = ["a", "b"].map((digit) => digit.repeat(40));

/** What a background watch tells of a kind whose looks say this, one after the other, and the last one ever after. */
async function toldOf(looks: (now: number) => LookResult[], rounds = 30) {
  let script: LookResult[] = [];
  const kind = scriptedKind([() => script.shift() ?? { status: "merged", reason: "merged" }], {
    slowAfterVerdict: true,
  });
  const w = world(kind);
  script = looks(w.clock.now());
  const { wait } = await w.register({ mode: "background" });
  const signal = new AbortController().signal;
  const config = await w.deps.config(w.home);
  const watch = new Watch({ wait, kind, config, deps: w.deps, mode: "background", signal });
  const told: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const step = await watch.step();
    if (step.next === "ended" && isEnding(step.wait.last)) told.push(step.wait.extra.outcome ?? "");
    if (step.next === "ended" && !step.slow) break;
    w.clock.advance(Math.max(1, watch.dueAt - w.clock.monotonic()));
  }
  return told.filter((outcome) => outcome !== "merged");
}

const failed = (newsAt?: number): LookResult => ({ status: "failed", reason: "there is work", newsAt });
const green = (newsAt?: number): LookResult => ({ status: "succeeded", reason: "reviewed", newsAt });

describe("the news of a wait that has its verdict", () => {
  test("something newer is told once, and the same is not told again", async () => {
    const told = await toldOf((now) => [failed(now), failed(now), failed(now + 1), failed(now + 1), failed(now + 1)]);
    expect(told).toEqual(["failed", "failed"]);
  });

  test.each<[string, number]>([
    ["that no clock shows", 1e300],
    ["days ahead", Date.UTC(2027, 0, 1)],
    ["before all time", -5],
    ["that is no number", Number.NaN],
  ])("a moment %s neither hides what comes after it nor is news for ever", async (_, odd) => {
    const told = await toldOf((now) => [failed(odd), failed(odd), failed(odd), failed(now), failed(now), failed(odd)]);
    expect(told).toEqual(["failed", "failed"]);
  });

  test("an outcome that goes to and fro is told once each way, until there is something new", async () => {
    const told = await toldOf((now) => {
      const fro = Array.from({ length: 6 }, () => [green(now), failed(now)]).flat();
      return [failed(now), ...fro, green(now + 1), green(now + 1), failed(now + 1), failed(now + 1)];
    });
    expect(told).toEqual(["failed", "succeeded", "failed"]);
  });

  test("that a target runs again is no news by itself where the kind says what is new", async () => {
    const runs: LookResult = { status: "running", reason: "looks at it" };
    expect(await toldOf((now) => [green(now), { ...runs, newsAt: now }, green(now), { ...runs, newsAt: now }])).toEqual(
      ["succeeded"],
    );
    expect(await toldOf(() => [green(), runs, green()])).toEqual(["succeeded", "succeeded"]);
  });

  test("another head is told whatever was told of the one before it", async () => {
    const pin = (index: number) => ({
      ...{ ref: "x", key: "x", repo: "o/r", pr: 1, sha: HEADS[index]!, identity: {}, complete: true },
    });
    const told = await toldOf((now) => [
      ...[failed(now), green(now), green(now)],
      { status: "running", reason: "moved", newsAt: now, pin: pin(1), moved: true },
      ...[failed(now), green(now), green(now), failed(now)],
    ]);
    expect(told).toEqual(["failed", "succeeded", "failed", "succeeded"]);
  });
});
