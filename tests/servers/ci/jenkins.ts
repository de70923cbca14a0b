import jenkins from "../../../plugins/log-providers/jenkins.ts";
import type { Route } from "../vendors/harness.ts";
import { type CiVendor, passed } from "./vendor.ts";

const BUILD = "/jenkins/job/octo/job/app%20ci/job/PR-42/7";
const AUTHORIZATION = `Basic ${Buffer.from("octocat:secret-of-jenkins").toString("base64")}`;

/**
 * Jenkins: jenkins.io, "Remote Access API" (`api/json?tree=`), and `rest-api/README.md` of jenkinsci/pipeline-stage-view-plugin for the
 * stages of a pipeline and the log of a node, which is HTML and the last 10 KiB.
 */
export const jenkinsVendor: CiVendor = {
  provider: jenkins,
  env: (url) => ({
    JENKINS_URL: `${url}/jenkins/`,
    JENKINS_USER_ID: "octocat",
    JENKINS_API_TOKEN: "secret-of-jenkins",
  }),
  allows: ({ authorization }) => authorization === AUTHORIZATION,
  pages: (url) => [`${url}${BUILD}/display/redirect`, `${url}${BUILD}/`, `${url}${BUILD}/console`],
  states: {
    failed: ["false:FAILURE", "false:UNSTABLE"],
    running: ["true:", "true:FAILURE", "false:"],
    succeeded: ["false:SUCCESS"],
    cancelled: ["false:ABORTED"],
    skipped: ["false:NOT_BUILT"],
  },
  failed: { job: null, step: "Test / Shell Script" },
  isPublic: false,
  refusal: {
    status: 403,
    headers: { "content-type": "text/html;charset=utf-8" },
    body: "<html><head><meta http-equiv='refresh' content='1;url=/jenkins/login?from=%2F'/></head></html>",
  },
  notFound: {
    status: 404,
    headers: { "content-type": "text/html" },
    body: "<html><body><h2>HTTP ERROR 404</h2></body></html>",
  },
  routes: (world): Route[] => [
    [
      "GET",
      new RegExp(`^${BUILD}/api/json$`),
      () => {
        const [building, result] = world.state.split(":");
        return {
          body: {
            _class: "org.jenkinsci.plugins.workflow.job.WorkflowRun",
            building: building === "true",
            fullDisplayName: "octo » app ci » PR-42 #7",
            result: result || null,
            timestamp: 1_793_655_218_000,
            duration: 23_000,
          },
        };
      },
    ],
    [
      "GET",
      new RegExp(`^${BUILD}/wfapi/describe$`),
      () => ({
        body: {
          id: "7",
          name: "#7",
          status: "FAILED",
          startTimeMillis: 1_793_655_218_000,
          stages: [
            {
              id: "5",
              name: "Build",
              status: "SUCCESS",
              _links: { self: { href: `${BUILD}/execution/node/5/wfapi/describe` } },
            },
            {
              id: "8",
              name: "Test",
              status: "FAILED",
              _links: { self: { href: `${BUILD}/execution/node/8/wfapi/describe` } },
            },
          ],
        },
      }),
    ],
    [
      "GET",
      new RegExp(`^${BUILD}/execution/node/(?<id>\\d+)/wfapi/describe$`),
      ({ groups }) =>
        groups.id !== "8"
          ? passed()
          : {
              body: {
                id: "8",
                name: "Test",
                status: "FAILED",
                stageFlowNodes: [
                  { id: "9", name: "Git", status: "SUCCESS", parentNodes: ["8"] },
                  {
                    id: "10",
                    name: "Shell Script",
                    status: "FAILED",
                    error: { message: "script returned exit code 2", type: "hudson.AbortException" },
                    parentNodes: ["9"],
                  },
                ],
              },
            },
    ],
    [
      "GET",
      new RegExp(`^${BUILD}/execution/node/(?<id>\\d+)/wfapi/log$`),
      ({ groups }) =>
        groups.id !== "10"
          ? passed()
          : {
              body: {
                nodeId: "10",
                nodeStatus: "FAILED",
                length: 295,
                hasMore: world.log.length > 100,
                text: world.log
                  .map((line) => `<span class="timestamp">${line.replaceAll("'", "&#039;")}</span>`)
                  .join("\n"),
                consoleUrl: `${BUILD}/execution/node/10/log`,
              },
            },
    ],
    [
      "GET",
      new RegExp(`^${BUILD}/consoleText$`),
      () => ({
        headers: { "content-type": "text/plain" },
        body: `Started by user\n${world.log.join("\n")}\nFinished: FAILURE\n`,
      }),
    ],
  ],
};
