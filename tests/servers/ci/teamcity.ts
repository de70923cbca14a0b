import teamcity from "../../../plugins/log-providers/teamcity.ts";
import type { CiVendor } from "./vendor.ts";

/**
 * TeamCity: JetBrains/teamcity-documentation, `topics/rest-api-reference.md` (states and statuses of builds, `canceledInfo`) and
 * `topics/build-log.md`; requests for tests and problems as `api/builds_metadata.go` of JetBrains/teamcity-cli makes them.
 */
export const teamcityVendor: CiVendor = {
  provider: teamcity,
  env: (url) => ({ TEAMCITY_URL: url, TEAMCITY_TOKEN: "eyJ0eXAiOiAiVENWMiJ9.secret-of-teamcity" }),
  allows: ({ authorization }) => authorization === "Bearer eyJ0eXAiOiAiVENWMiJ9.secret-of-teamcity",
  pages: (url) => [
    `${url}/viewLog.html?buildId=4102&buildTypeId=App_Tests`,
    `${url}/buildConfiguration/App_Tests/4102`,
    `${url}/buildConfiguration/App_Tests/4102?mode=builds#all-projects`,
  ],
  states: {
    failed: ["finished:FAILURE", "finished:ERROR"],
    waiting: ["queued:"],
    running: ["running:SUCCESS", "running:FAILURE"],
    succeeded: ["finished:SUCCESS"],
    cancelled: ["finished:UNKNOWN"],
  },
  failed: { job: "App_Tests 37", step: null },
  isPublic: false,
  refusal: {
    status: 401,
    headers: { "content-type": "text/plain", "www-authenticate": 'Bearer realm="TeamCity"' },
    body: 'Authentication required\nTo login manually go to "/login.html" page',
  },
  notFound: {
    status: 404,
    body: { errors: [{ message: "No build found by locator 'id:9'.", statusText: "Responding with error" }] },
  },
  routes: (world) => [
    [
      "GET",
      /^\/app\/rest\/builds\/id:4102$/,
      ({ headers }) => {
        const [state, status] = world.state.split(":");
        if (headers.accept !== "application/json") return undefined;
        return {
          body: {
            id: 4102,
            buildTypeId: "App_Tests",
            number: "37",
            state,
            ...(status ? { status } : {}),
            statusText: "Compilation error: src/a.ts",
            startDate: "20261102T213338+0000",
            ...(status === "UNKNOWN" ? { canceledInfo: { timestamp: "20261102T213401+0000" } } : {}),
            ...(state === "running" ? { percentageComplete: 40 } : { finishDate: "20261102T213401+0000" }),
          },
        };
      },
    ],
    [
      "GET",
      /^\/app\/rest\/testOccurrences$/,
      ({ query }) =>
        query.get("locator")?.startsWith("build:(id:4102),status:FAILURE")
          ? { body: { testOccurrence: [{ name: "a.test: adds", details: "AssertionError: expected 3 to be 4" }] } }
          : undefined,
    ],
    [
      "GET",
      /^\/app\/rest\/problemOccurrences$/,
      () => ({
        body: {
          problemOccurrence: [
            { type: "TC_EXIT_CODE", identity: "simpleRunner1", details: "Process exited with code 2" },
          ],
        },
      }),
    ],
    [
      "GET",
      /^\/downloadBuildLog\.html$/,
      ({ query }) =>
        query.get("buildId") === "4102"
          ? {
              headers: {
                "content-type": "text/plain;charset=UTF-8",
                "content-disposition": 'attachment; filename="build.log"',
              },
              body: ["Build 'App / Tests' #37", ...world.log.map((line) => `[21:33:50]W: [Step 1/1] ${line}`)].join(
                "\n",
              ),
            }
          : undefined,
    ],
  ],
};
