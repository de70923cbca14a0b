import { expect, it } from "vitest";
import { quotedWaitName, shortWaitName, waitName } from "../../src/core/wait-name.ts";

const bound = { kind: "pr-ci", ref: "#42", repo: "o/r", pr: 42 };
const branch = { kind: "pr-ci", ref: "feature/x", repo: "o/r", pr: null };
const deploy = { kind: "deploy", ref: "web@3f2a91c", repo: "o/r", pr: null };
const quote = (ref: string) => `“${ref}”`;

it.each([
  { wait: bound, long: "PR #42 (o/r)", short: "PR #42", sentence: "PR #42 (o/r)" },
  {
    wait: branch,
    long: "PR feature/x (o/r)",
    short: "PR feature/x",
    sentence: "the pull request of branch “feature/x” (o/r)",
  },
  {
    wait: deploy,
    long: "deploy web@3f2a91c",
    short: "deploy web@3f2a91c",
    sentence: "deploy “web@3f2a91c” (o/r)",
  },
  {
    wait: { ...deploy, repo: null },
    long: "deploy web@3f2a91c",
    short: "deploy web@3f2a91c",
    sentence: "deploy “web@3f2a91c”",
  },
])("$long is called so wherever it is named", ({ wait, long, short, sentence }) => {
  expect([waitName(wait), shortWaitName(wait), quotedWaitName(wait, quote)]).toEqual([long, short, sentence]);
});

it("a plugin's kind is called as it says, with what it was registered with", () => {
  const traits = { noun: "MR", unbound: "the merge request of", slot: "pull-request" };
  const request = { kind: "gitlab", ref: "!7", repo: "g/p", pr: 7, traits };
  expect([waitName(request), shortWaitName(request)]).toEqual(["MR #7 (g/p)", "MR #7"]);
  expect(quotedWaitName({ ...request, pr: null, ref: "topic" }, quote)).toBe("the merge request of “topic” (g/p)");
  const job = { kind: "jenkins", ref: "app#17", repo: null, pr: null, extra: { traits: { noun: "job" } } };
  expect([waitName(job), quotedWaitName(job, quote)]).toEqual(["job app#17", "job “app#17”"]);
});

it("a row that has no number of its own is called by its reference", () => {
  expect(waitName({ kind: "pr-ci", ref: "#42", repo: "o/r" })).toBe("PR #42 (o/r)");
});

it("another kind's wait keeps its reference, also when it belongs to a pull request", () => {
  expect(shortWaitName({ ...deploy, pr: 42 })).toBe("deploy web@3f2a91c");
});

it("a name is one line of a length that was asked for", () => {
  const wait = { ...deploy, ref: `a\u001b[31m\n${"b".repeat(400)}` };
  expect(waitName(wait)).not.toMatch(/[\n\u001b]/);
  expect(shortWaitName(wait, 30).length).toBeLessThanOrEqual("deploy ".length + 30);
});
