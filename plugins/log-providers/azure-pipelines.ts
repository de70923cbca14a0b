import { defineLogProvider } from "../../src/provider.ts";

const build = "/{+scope}/_apis/build/builds/{id}";
const version = { "api-version": "7.1" };

/** Azure Pipelines. Public projects are read without a token. */
export default defineLogProvider({
  name: "azure-pipelines",
  title: "Azure Pipelines",
  checked: "learn.microsoft.com: Azure DevOps REST API, Build (Builds, Timeline); types of azure-devops-node-api",
  base: { url: "https://dev.azure.com", env: "AZURE_DEVOPS_URL" },
  basic: { password: "AZURE_DEVOPS_EXT_PAT" },
  apps: ["azure-pipelines"],
  pages: [
    {
      path: "/(?<scope>[^/?#]+(?:/[^/?#]+)?)/_build/(?:results|index)\\?(?:[^#]*&)?buildId=(?<id>\\d+)(?:[&#].*)?",
      is: "build",
    },
  ],
  targets: {
    build: {
      label: "build {number}",
      request: { path: build, query: version },
      values: { number: "/buildNumber" },
      // Without a result yet, the second half is `null` or `none`.
      state: ["/status", "/result"],
      states: {
        waiting: ["notStarted:null", "notStarted:none", "postponed:null", "postponed:none", "none:null", "none:none"],
        running: ["inProgress:null", "inProgress:none", "cancelling:null", "cancelling:none"],
        succeeded: ["completed:succeeded", "completed:partiallySucceeded"],
        failed: ["completed:failed"],
        cancelled: ["completed:canceled"],
      },
      startedAt: "/startTime",
      endedAt: "/finishTime",
      logs: [
        {
          request: { path: `${build}/timeline`, query: version },
          items: "/records",
          where: [
            { at: "/type", is: ["Task"] },
            { at: "/result", is: ["failed"] },
            { at: "/log/id", present: true },
          ],
          as: "step",
          name: ["{/name}"],
          job: { of: "/parentId", id: "/id", name: "/name" },
          values: { log: "/log/id" },
          text: [{ request: { path: `${build}/logs/{log}`, query: version } }],
        },
        {
          // A job whose agent was lost, or that ran out of time, has no failed task.
          request: { path: `${build}/timeline`, query: version },
          items: "/records",
          where: [
            { at: "/result", is: ["failed", "canceled", "abandoned"] },
            { at: "/issues", present: true },
          ],
          as: "job",
          name: ["{/name}"],
          text: [{ lines: "/issues", line: "/message" }],
          fallback: true,
        },
      ],
    },
  },
});
