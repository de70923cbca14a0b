import { expect, test } from "vitest";
import { type Change, startsFor, type Trigger } from "../../../src/github/actions/triggers.ts";

const change: Change = { base: "main", branch: "fix/login", fork: false, files: ["docs/a.md", "src/app.ts"] };
const pullRequest = (filter: unknown) => ({ on: { pull_request: filter } });

test.each<[string, unknown, Partial<Change>, Trigger]>([
  ["by the event's name", { on: "pull_request" }, {}, "starts"],
  ["by one name of several", { on: ["workflow_dispatch", "pull_request"] }, {}, "starts"],
  ["`on` as YAML 1.1 reads it", { true: { pull_request: null } }, {}, "starts"],
  ["a push to the branch", { on: { push: null } }, {}, "starts"],
  ["a push to other branches", { on: { push: { branches: ["main"] } } }, {}, "filtered"],
  ["a push of tags alone", { on: { push: { tags: ["v*"] } } }, {}, "filtered"],
  ["a push to a fork", { on: { push: null } }, { fork: true }, "other"],
  ["another event", { on: { schedule: [{ cron: "0 0 * * *" }] } }, {}, "other"],
  ["other activities", pullRequest({ types: ["labeled"] }), {}, "other"],
  ["other activities too", pullRequest({ types: ["labeled", "synchronize"] }), {}, "starts"],
  ["another base", pullRequest({ branches: ["release/**"] }), {}, "filtered"],
  ["a base that is left out", pullRequest({ "branches-ignore": ["main"] }), {}, "filtered"],
  ["paths that are changed", pullRequest({ paths: ["src/**"] }), {}, "starts"],
  ["paths that are not", pullRequest({ paths: ["lib/**"] }), {}, "filtered"],
  ["paths that are not known", pullRequest({ paths: ["lib/**"] }), { files: null }, "unknown"],
  ["all paths ignored", pullRequest({ "paths-ignore": ["**.md", "src/**"] }), {}, "filtered"],
  ["one path not ignored", pullRequest({ "paths-ignore": ["**.md"] }), {}, "starts"],
  ["a path taken out again", pullRequest({ paths: ["src/**", "!src/app.ts"] }), {}, "filtered"],
  ["one star stays in its folder", pullRequest({ paths: ["*"] }), {}, "filtered"],
  ["more files than GitHub looks at", pullRequest({ paths: ["lib/**"] }), { files: Array(301).fill("a") }, "starts"],
  ["a wild pattern", pullRequest({ paths: ["*****************"] }), {}, "unknown"],
  ["nothing that is a workflow", 7, {}, "other"],
])("whether a workflow starts for what a pull request changes: %s", (_, workflow, more, wanted) => {
  expect(startsFor(workflow, { ...change, ...more })).toBe(wanted);
});
