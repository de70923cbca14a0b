import { expect, test } from "vitest";
import { rowText, withRecordedHost } from "../../src/core/host-fields.ts";

/** A row as version 1.0 wrote it: no host, and the address of the pull request in what it is pinned to. */
const old = (url: string) => ({
  type: "transition",
  pr: 42,
  repo: "octo/app",
  extra: {
    key: "octo/app#42",
    history: "pr-ci:octo/app",
    pin: {
      key: "octo/app#42",
      aliases: ["octo/app#branch:fix"],
      repo: "octo/app",
      identity: { number: 42, url },
    },
  },
});

test("a row of version 1.0 from another host is one of that host, with its keys, and is written as such", () => {
  const row = withRecordedHost(old("https://ghe.example.com/octo/app/pull/42"));
  expect(row).toMatchObject({
    repo: "ghe.example.com/octo/app",
    extra: {
      key: "ghe.example.com/octo/app#42",
      history: "pr-ci:octo/app",
      pin: {
        key: "ghe.example.com/octo/app#42",
        aliases: ["ghe.example.com/octo/app#branch:fix"],
        repo: "ghe.example.com/octo/app",
      },
    },
  });
  expect(JSON.parse(rowText(row))).toMatchObject({ repo: "octo/app", host: "ghe.example.com" });
  expect(withRecordedHost(JSON.parse(rowText(row)))).toMatchObject(row);
});

test("a pinned event of version 1.0 from another host is one of that host", () => {
  const { extra, ...row } = old("https://ghe.example.com/octo/app/pull/42");
  expect(withRecordedHost({ ...row, ...extra, type: "wait.pinned" })).toMatchObject({
    repo: "ghe.example.com/octo/app",
    key: "ghe.example.com/octo/app#42",
    pin: { repo: "ghe.example.com/octo/app" },
  });
});

test("a row of github.com, of another repository's address or without one is as it was written", () => {
  for (const url of [
    "https://github.com/octo/app/pull/42",
    "https://ghe.example.com/other/app/pull/42",
    "",
    "nonsense",
  ]) {
    expect(withRecordedHost(old(url))).toEqual(old(url));
  }
  const bare = { type: "transition", repo: "octo/app", pr: 1 };
  expect(withRecordedHost(bare)).toEqual(bare);
});
