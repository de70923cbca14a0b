import { defineLogProvider } from "../../src/provider.ts";

const states = {
  waiting: ["queued", "starting"],
  running: ["running", "cancelling"],
  succeeded: ["success"],
  failed: ["failed"],
  cancelled: ["cancelled"],
};

const text = [{ request: { path: "/api/buildjobs/{job}/log" } }];

const shared = {
  root: "/build",
  state: "/status",
  states,
  startedAt: "/started",
  endedAt: "/finished",
  logs: [
    {
      items: "/jobs",
      where: [
        { at: "/status", is: ["failed"] },
        { at: "/allowFailure", not: ["true"] },
      ],
      as: "job" as const,
      name: ["{/name}", "{/jobId}"],
      values: { job: "/jobId" },
      text,
    },
  ],
};

/** AppVeyor. Public projects are read without a token. */
export default defineLogProvider({
  name: "appveyor",
  title: "AppVeyor",
  checked: "appveyor/website: REST API, projects and builds",
  base: { url: "https://ci.appveyor.com", env: "APPVEYOR_URL" },
  headers: { authorization: "Bearer {env:APPVEYOR_TOKEN?}" },
  apps: ["appveyor"],
  contexts: ["continuous-integration/appveyor/.*"],
  pages: [
    { path: "/project/(?<account>[^/?#]+)/(?<project>[^/?#]+)/builds/(?<build>\\d+)(?:[/?#].*)?", is: "build" },
    {
      path: "/project/(?<account>[^/?#]+)/(?<project>[^/?#]+)/build/(?<version>(?!job/)[^/?#]+)(?:[/?#].*)?",
      is: "version",
    },
  ],
  targets: {
    build: {
      label: "{account}/{project} build {build}",
      request: { path: "/api/projects/{account}/{project}/builds/{build}" },
      ...shared,
    },
    version: {
      label: "{account}/{project} build {version}",
      request: { path: "/api/projects/{account}/{project}/build/{version}" },
      ...shared,
    },
  },
});
