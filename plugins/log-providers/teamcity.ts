import { defineLogProvider } from "../../src/provider.ts";

/** TeamCity: what it calls build problems, the tests that failed, and the build's log. */
export default defineLogProvider({
  name: "teamcity",
  title: "TeamCity",
  checked: "JetBrains/teamcity-documentation (REST API, build log), teamcity-cli (requests, variables)",
  base: { env: "TEAMCITY_URL" },
  headers: { authorization: "Bearer {env:TEAMCITY_TOKEN}" },
  pages: [
    {
      path: "/(?:viewLog|viewQueued)\\.html\\?(?:[^#]*&)?(?:buildId|itemId)=(?<build>\\d+)(?:[&#].*)?",
      is: "build",
      telling: true,
    },
    { path: "/buildConfiguration/[^/?#]+/(?<build>\\d+)(?:[/?#].*)?", is: "build", telling: true },
    { path: "/build/(?<build>\\d+)(?:[/?#].*)?", is: "build" },
  ],
  targets: {
    build: {
      label: "{type} {number}",
      request: {
        path: "/app/rest/builds/id:{build}",
        query: {
          fields:
            "id,number,state,status,statusText,percentageComplete,buildTypeId,waitReason,startDate,finishDate,canceledInfo(timestamp)",
        },
      },
      values: { type: "/buildTypeId", number: "/number" },
      state: ["/state", "/status"],
      states: {
        waiting: ["queued:null", "queued:UNKNOWN", "queued:SUCCESS", "queued:FAILURE"],
        running: ["running:SUCCESS", "running:FAILURE", "running:UNKNOWN", "running:ERROR", "running:null"],
        succeeded: ["finished:SUCCESS"],
        failed: ["finished:FAILURE", "finished:ERROR"],
      },
      rules: [
        {
          when: [
            { at: "/state", is: ["finished"] },
            { at: "/canceledInfo", present: true },
          ],
          is: "cancelled",
        },
      ],
      progress: { percent: "/percentageComplete" },
      reason: ["/statusText", "/waitReason"],
      logs: [
        {
          request: {
            path: "/app/rest/testOccurrences",
            query: {
              locator: "build:(id:{build}),status:FAILURE,muted:false,count:5",
              fields: "testOccurrence(name,details)",
            },
          },
          items: "/testOccurrence",
          as: "step",
          name: ["{/name}"],
          text: [{ lines: "/details" }],
        },
        {
          request: {
            path: "/app/rest/problemOccurrences",
            query: { locator: "build:(id:{build})", fields: "problemOccurrence(type,identity,details)" },
          },
          as: "step",
          name: ["Build problems"],
          text: [{ lines: "/problemOccurrence", line: "/details" }],
        },
        { text: [{ request: { path: "/downloadBuildLog.html", query: { buildId: "{build}" } } }] },
      ],
    },
  },
});
