import { defineLogProvider } from "../../src/provider.ts";

const build = "/{+scope}/_apis/build/builds/{id}";
const version = { "api-version": "7.1" };

const told = {
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
};

/** The records of a build that hold for these conditions. */
const records = { request: { path: `${build}/timeline`, query: version }, items: "/records" };
type Which = { readonly at: string; readonly is: readonly string[] };

const failedTasks = (...which: readonly Which[]) => ({
  ...records,
  where: [{ at: "/type", is: ["Task"] }, { at: "/result", is: ["failed"] }, { at: "/log/id", present: true }, ...which],
  as: "step" as const,
  name: ["{/name}"],
  job: { of: "/parentId", id: "/id", name: "/name" },
  values: { log: "/log/id" },
  text: [{ request: { path: `${build}/logs/{log}`, query: version } }],
});

/** A job whose agent was lost, or that ran out of time, has no failed task. */
const jobsWithoutTask = (...which: readonly Which[]) => ({
  ...records,
  where: [{ at: "/result", is: ["failed", "canceled", "abandoned"] }, { at: "/issues", present: true }, ...which],
  as: "job" as const,
  name: ["{/name}"],
  text: [{ lines: "/issues", line: "/message" }],
  fallback: true,
});

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
      path: "/(?<scope>[^/?#]+(?:/[^/?#]+)?)/_build/(?:results|index)\\?(?=[^#]*\\bbuildId=(?<id>\\d+))(?=[^#]*\\bjobId=(?<job>[0-9A-Za-z-]+)).*",
      is: "job",
      telling: true,
    },
    {
      path: "/(?<scope>[^/?#]+(?:/[^/?#]+)?)/_build/(?:results|index)\\?(?:[^#]*&)?buildId=(?<id>\\d+)(?:[&#].*)?",
      is: "build",
      telling: true,
    },
  ],
  targets: {
    build: { ...told, logs: [failedTasks(), jobsWithoutTask()] },
    // A check may be of one job; what is watched is the build that it is part of.
    job: {
      ...told,
      logs: [failedTasks({ at: "/parentId", is: ["{job}"] }), jobsWithoutTask({ at: "/id", is: ["{job}"] })],
    },
  },
});
