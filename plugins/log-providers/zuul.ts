import { defineLogProvider } from "../../src/provider.ts";

const FAILED = [
  "FAILURE",
  "POST_FAILURE",
  "TIMED_OUT",
  "RETRY_LIMIT",
  "NODE_FAILURE",
  "DISK_FULL",
  "ERROR",
  "EXCEPTION",
  "MERGE_CONFLICT",
  "MERGE_FAILURE",
  "MERGER_FAILURE",
  "CONFIG_ERROR",
  "LOST",
];

const told = {
  missing: "waiting" as const,
  state: "/result",
  states: {
    running: ["null"],
    succeeded: ["SUCCESS"],
    failed: FAILED,
    cancelled: ["CANCELED", "CANCELLED", "ABORTED", "DEQUEUED"],
    skipped: ["SKIPPED", "NO_JOBS"],
    superseded: ["RETRY"],
  },
};

/** A build's log lies on a server that its answer names; without a log, its error is told. */
const texts = [
  { url: "/log_url", file: "job-output.txt" },
  { url: "/log_url", file: "job-output.txt.gz", fallback: true },
  { lines: "/error_detail", fallback: true },
];

/** Zuul. The builds of a buildset that vote are read. */
export default defineLogProvider({
  name: "zuul",
  title: "Zuul",
  checked: "zuul-ci (web routes, results) as public clients read it: mcp-zuul, openstack-infra/zuul",
  base: { url: "https://zuul.opendev.org", env: "ZUUL_URL" },
  pages: [
    { path: "/t/(?<tenant>[^/?#]+)/build/(?<build>[0-9a-f]{32})(?:[/?#].*)?", is: "build", telling: true },
    { path: "/t/(?<tenant>[^/?#]+)/buildset/(?<buildset>[0-9a-f]{32})(?:[/?#].*)?", is: "buildset", telling: true },
  ],
  targets: {
    build: {
      label: "build of {job}",
      request: { path: "/api/tenant/{tenant}/build/{build}" },
      values: { job: "/job_name" },
      ...told,
      reason: ["/error_detail"],
      startedAt: "/start_time",
      endedAt: "/end_time",
      logs: [{ as: "job", name: ["{/job_name}"], text: texts }],
    },
    buildset: {
      label: "buildset {buildset}",
      request: { path: "/api/tenant/{tenant}/buildset/{buildset}" },
      ...told,
      reason: ["/message"],
      startedAt: "/first_build_start_time",
      endedAt: "/last_build_end_time",
      logs: [
        {
          items: "/builds",
          where: [
            { at: "/result", is: FAILED },
            { at: "/voting", not: ["false"] },
          ],
          as: "job",
          name: ["{/job_name}"],
          text: texts,
        },
      ],
    },
  },
});
