import { expect, it } from "vitest";
import prCi from "../../plugins/wait-kinds/pr-ci.ts";
import { hasChecks, isPullRequest, traitsOf } from "../../src/core/traits.ts";

it("a row that keeps no traits, as those of version 1.0, is what its kind was then", () => {
  const kept = { kind: prCi.name, extra: { traits: JSON.parse(JSON.stringify(prCi.traits)) } };
  const old = { kind: prCi.name, extra: {} };
  expect(traitsOf(kept)).toMatchObject(traitsOf(old));
  expect([isPullRequest(old), hasChecks(old)]).toEqual([true, true]);
  expect(traitsOf({ kind: "deploy", extra: {} })).toEqual({});
});

it("a plugin's kind is what its rows keep, whatever it is called", () => {
  const traits = { noun: "MR", slot: "pull-request", evidence: "checks" } as const;
  for (const wait of [
    { kind: "acme", traits },
    { kind: "acme", extra: { traits } },
  ]) {
    expect(traitsOf(wait)).toMatchObject(traits);
    expect([isPullRequest(wait), hasChecks(wait)]).toEqual([true, true]);
  }
  expect(isPullRequest({ kind: "pr-ci", extra: { traits: {} } })).toBe(false);
});

it("what is kept wrongly is left out, and text is one clean line", () => {
  const wrong = { noun: 3, unbound: "", slot: "disk", evidence: "tea leaves", next: { failed: "a\u001b[31m\nb" } };
  expect(traitsOf({ kind: "acme", traits: wrong })).toEqual({
    noun: undefined,
    unbound: undefined,
    slot: null,
    evidence: "log",
    next: { succeeded: undefined, failed: "a b", stuck: undefined },
  });
  for (const traits of [null, "x", [1]]) expect(traitsOf({ kind: "acme", extra: { traits } })).toEqual({});
});
