import { defineLogProvider } from "../../src/provider.ts";

/** Jenkins. Stages of a pipeline where its REST plugin is installed; else, and for long outputs, the whole console. */
export default defineLogProvider({
  name: "jenkins",
  title: "Jenkins",
  checked: "jenkinsci/pipeline-stage-view-plugin (rest-api); jenkins.io: Remote Access API, CLI (variables)",
  base: { env: "JENKINS_URL" },
  basic: { user: "JENKINS_USER_ID", password: "JENKINS_API_TOKEN" },
  pages: [
    { path: "/(?<job>(?:(?:view|job)/[^/?#]+/)*job/[^/?#]+)/(?<build>\\d+)(?:[/?#].*)?", is: "build", telling: true },
  ],
  targets: {
    build: {
      label: "{name}",
      request: {
        path: "/{+job}/{build}/api/json",
        query: { tree: "building,result,fullDisplayName,timestamp,duration,description" },
      },
      values: { name: "/fullDisplayName" },
      state: ["/building", "/result"],
      states: {
        running: [
          "true:null",
          "true:SUCCESS",
          "true:UNSTABLE",
          "true:FAILURE",
          "true:ABORTED",
          "true:NOT_BUILT",
          "false:null",
        ],
        succeeded: ["false:SUCCESS"],
        failed: ["false:FAILURE", "false:UNSTABLE"],
        cancelled: ["false:ABORTED"],
        skipped: ["false:NOT_BUILT"],
      },
      startedAt: "/timestamp",
      logs: [
        {
          request: { path: "/{+job}/{build}/wfapi/describe" },
          items: "/stages",
          where: [{ at: "/status", is: ["FAILED", "UNSTABLE"] }],
          as: "step",
          name: ["{/name}"],
          values: { stage: "/id" },
          parts: [
            {
              request: { path: "/{+job}/{build}/execution/node/{stage}/wfapi/describe" },
              items: "/stageFlowNodes",
              where: [{ at: "/status", is: ["FAILED", "UNSTABLE"] }],
              as: "step",
              name: ["{/name}"],
              values: { node: "/id" },
              text: [
                {
                  request: { path: "/{+job}/{build}/execution/node/{node}/wfapi/log" },
                  where: [{ at: "/hasMore", not: ["true"] }],
                  lines: "/text",
                  form: "html",
                },
              ],
            },
          ],
        },
        { text: [{ request: { path: "/{+job}/{build}/consoleText" } }], fallback: true },
      ],
    },
  },
});
