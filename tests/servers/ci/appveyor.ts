import appveyor from "../../../plugins/log-providers/appveyor.ts";
import { type CiVendor, passed } from "./vendor.ts";

/** AppVeyor: `src/docs/api/projects-builds.md` of appveyor/website ("Get project build by version", "Download build log"). */
export const appveyorVendor: CiVendor = {
  provider: appveyor,
  env: (url) => ({ APPVEYOR_URL: url, APPVEYOR_TOKEN: "secret-of-appveyor" }),
  allows: ({ authorization }) => authorization === "Bearer secret-of-appveyor",
  pages: (url) => [`${url}/project/appvyr/nuget-test/builds/134173`, `${url}/project/appvyr/nuget-test/build/1.0.45`],
  states: {
    failed: ["failed"],
    waiting: ["queued", "starting"],
    running: ["running", "cancelling"],
    succeeded: ["success"],
    cancelled: ["cancelled"],
  },
  failed: { job: "Environment: nodejs_version=20", step: null },
  isPublic: false,
  refusal: { status: 401, body: { message: "Authorization required" } },
  notFound: { status: 404, body: { message: "Project not found." } },
  routes: (world) => [
    [
      "GET",
      /^\/api\/projects\/appvyr\/nuget-test\/(?:builds\/134173|build\/1\.0\.45)$/,
      () => ({
        body: {
          project: { projectId: 38907, accountName: "appvyr", name: "nuget-test", slug: "nuget-test" },
          build: {
            buildId: 134173,
            buildNumber: 45,
            version: "1.0.45",
            jobs: [
              { jobId: "9r2qufuu8", name: "", allowFailure: false, status: "success" },
              { jobId: "x1", name: "Nightly", allowFailure: true, status: "failed" },
              { jobId: "tmb0qbxp", name: "Environment: nodejs_version=20", allowFailure: false, status: "failed" },
            ],
            messages: [],
            status: world.state,
            started: "2026-11-02T21:33:38.1686804+00:00",
            finished: "2026-11-02T21:34:01.5709599+00:00",
          },
        },
      }),
    ],
    [
      "GET",
      /^\/api\/buildjobs\/(?<id>[^/]+)\/log$/,
      ({ groups }) =>
        groups.id !== "tmb0qbxp"
          ? passed()
          : {
              headers: { "content-type": "text/plain" },
              body: world.log.map((line) => `[00:00:12] ${line}`).join("\r\n"),
            },
    ],
  ],
};
