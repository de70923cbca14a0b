import { defineLogProvider } from "../../src/provider.ts";

const states = {
  waiting: ["created", "queued"],
  running: ["received", "started"],
  succeeded: ["passed"],
  failed: ["failed", "errored"],
  cancelled: ["canceled"],
};

const text = [
  { request: { path: "/job/{job}/log" }, lines: "/content" },
  { request: { path: "/job/{job}/log" }, lines: "/log_parts", line: "/content", pieces: true, fallback: true },
];
const name = ["{/number} {/stage/name}", "{/number}"];

/** Travis CI, version 3 of its API. Public repositories are read without a token. */
export default defineLogProvider({
  name: "travis",
  title: "Travis CI",
  checked: "travis-ci/travis-api (v3: routes, renderers, states), travis.rb (variables)",
  base: { url: "https://api.travis-ci.com", env: "TRAVIS_ENDPOINT" },
  sites: ["https://app.travis-ci.com", "https://travis-ci.com", "https://www.travis-ci.com"],
  headers: { "travis-api-version": "3", authorization: "token {env:TRAVIS_TOKEN?}" },
  apps: ["travis-ci"],
  contexts: ["continuous-integration/travis-ci/.*", "Travis CI - .*"],
  pages: [
    { path: "/(?:[^/?#]+/){2,3}jobs/(?<job>\\d+)(?:[/?#].*)?", is: "job" },
    { path: "/(?:[^/?#]+/){2,3}builds/(?<build>\\d+)(?:[/?#].*)?", is: "build" },
  ],
  targets: {
    job: {
      label: "{repository} job {number}",
      request: { path: "/job/{job}" },
      values: { repository: "/repository/slug", number: "/number" },
      state: "/state",
      states,
      startedAt: "/started_at",
      endedAt: "/finished_at",
      logs: [{ as: "job", name, text }],
    },
    build: {
      label: "{repository} build {number}",
      request: { path: "/build/{build}", query: { include: "build.jobs" } },
      values: { repository: "/repository/slug", number: "/number" },
      state: "/state",
      states,
      startedAt: "/started_at",
      endedAt: "/finished_at",
      logs: [
        {
          items: "/jobs",
          where: [
            { at: "/state", is: ["failed", "errored"] },
            { at: "/allow_failure", not: ["true"] },
          ],
          as: "job",
          name,
          values: { job: "/id" },
          text,
        },
      ],
    },
  },
});
