import azure from "../../../plugins/log-providers/azure-pipelines.ts";
import type { Route } from "../vendors/harness.ts";
import { type CiVendor, passed } from "./vendor.ts";

const BUILD = "/fabrikam/Fabrikam-Fiber/_apis/build/builds/1234";

/** The user name beside a token may be anything: the vendor's own client sends `PAT`, its documents nothing. */
const isSecret = (authorization = "") =>
  /^Basic /.test(authorization) &&
  /^(?:PAT)?:secret-of-azure-devops$/.test(Buffer.from(authorization.slice(6), "base64").toString());

/**
 * Azure Pipelines: learn.microsoft.com, REST API 7.1, "Builds - Get", "Timeline - Get", "Builds - Get Build Log"; enumerations of
 * `BuildInterfaces.ts` in azure-devops-node-api. A token's user name is empty ("Use personal access tokens"). Without one, a private
 * project answers 203 with its page for signing in.
 */
export const azureVendor: CiVendor = {
  provider: azure,
  env: (url) => ({ AZURE_DEVOPS_URL: url, AZURE_DEVOPS_EXT_PAT: "secret-of-azure-devops" }),
  allows: ({ authorization }) => isSecret(authorization),
  pages: (url) => [
    `${url}/fabrikam/Fabrikam-Fiber/_build/results?buildId=1234`,
    `${url}/fabrikam/Fabrikam-Fiber/_build/results?view=logs&buildId=1234&jobId=j1&t=1`,
  ],
  states: {
    failed: ["completed:failed"],
    waiting: ["notStarted:", "postponed:"],
    running: ["inProgress:", "cancelling:"],
    succeeded: ["completed:succeeded", "completed:partiallySucceeded"],
    cancelled: ["completed:canceled"],
  },
  failed: { job: "Linux Node 20", step: "Check types" },
  isPublic: false,
  refusal: {
    status: 203,
    headers: { "content-type": "text/html; charset=utf-8" },
    body: "<!DOCTYPE html><html><head><title>Azure DevOps Services | Sign In</title></head></html>",
  },
  notFound: {
    status: 404,
    body: { typeName: "BuildNotFoundException", message: "The requested build 9 could not be found." },
  },
  routes: (world): Route[] => [
    [
      "GET",
      new RegExp(`^${BUILD}$`),
      ({ query, headers }) => {
        const [status, result] = world.state.split(":");
        // The vendor's own client says the version in this header.
        return query.get("api-version") === "7.1" || headers.accept?.includes("api-version=7.1")
          ? {
              body: {
                id: 1234,
                buildNumber: "20261102.4",
                status,
                ...(result ? { result } : {}),
                queueTime: "2026-11-02T21:33:20.1Z",
                startTime: "2026-11-02T21:33:38.1Z",
                finishTime: "2026-11-02T21:34:01.1Z",
              },
            }
          : undefined;
      },
    ],
    [
      "GET",
      new RegExp(`^${BUILD}/timeline$`),
      () => ({
        body: {
          records: [
            { id: "s1", parentId: null, type: "Stage", name: "CI", state: "completed", result: "failed", log: null },
            {
              id: "j1",
              parentId: "p1",
              type: "Job",
              name: "Linux Node 20",
              state: "completed",
              result: "failed",
              log: { id: 14, type: "Container" },
            },
            {
              id: "t1",
              parentId: "j1",
              type: "Task",
              name: "Install",
              state: "completed",
              result: "succeeded",
              log: { id: 11, type: "Container" },
            },
            {
              id: "t2",
              parentId: "j1",
              type: "Task",
              name: "Check types",
              state: "completed",
              result: "failed",
              errorCount: 1,
              issues: [{ type: "error", category: "General", message: "Bash exited with code '2'." }],
              log: { id: 12, type: "Container", url: "https://dev.azure.com/fabrikam/_apis/build/builds/1234/logs/12" },
            },
          ],
          lastChangedBy: "",
          id: "d47f6fdb",
          changeId: 24,
        },
      }),
    ],
    [
      "GET",
      new RegExp(`^${BUILD}/logs/(?<id>\\d+)$`),
      ({ groups, headers }) =>
        groups.id !== "12" || headers.accept !== "text/plain"
          ? passed()
          : {
              headers: { "content-type": "text/plain" },
              body: world.log.map((line) => `2026-11-02T21:33:50.1234567Z ${line}`).join("\n"),
            },
    ],
  ],
};
