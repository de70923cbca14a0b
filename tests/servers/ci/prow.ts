import prow from "../../../plugins/log-providers/prow.ts";
import type { CiVendor } from "./vendor.ts";

/**
 * Prow: addresses of `cmd/deck/main.go`, files of a job in `pkg/apis/prowjobs/v1/types.go`, results in `pkg/sidecar/run.go` (upper case) and
 * `pkg/crier/reporters/gcs/util/util.go` (lower case) of kubernetes-sigs/prow.
 */
export const prowVendor: CiVendor = {
  provider: prow,
  env: (url) => ({ PROW_STORAGE_URL: url }),
  allows: () => true,
  pages: () => [
    "https://prow.k8s.io/view/gs/kubernetes-jenkins/pr-logs/pull/octo_app/42/pull-app-unit/1254406011708510210",
    "https://prow.k8s.io/view/gcs/kubernetes-jenkins/pr-logs/pull/octo_app/42/pull-app-unit/1254406011708510210/",
  ],
  states: {
    failed: ["FAILURE", "failure", "error"],
    running: [null],
    succeeded: ["SUCCESS", "success"],
    cancelled: ["ABORTED", "aborted"],
  },
  failed: { job: null, step: null },
  isPublic: true,
  isOpen: true,
  refusal: { status: 403, body: "<?xml version='1.0' encoding='UTF-8'?><Error><Code>AccessDenied</Code></Error>" },
  notFound: { status: 404, body: "<?xml version='1.0' encoding='UTF-8'?><Error><Code>NoSuchKey</Code></Error>" },
  routes: (world) => [
    [
      "GET",
      /^\/kubernetes-jenkins\/pr-logs\/pull\/octo_app\/42\/pull-app-unit\/1254406011708510210\/finished\.json$/,
      () => ({
        body: { timestamp: 1_793_655_241, passed: /success/i.test(world.state), result: world.state, metadata: {} },
      }),
    ],
    [
      "GET",
      /^\/kubernetes-jenkins\/pr-logs\/pull\/octo_app\/42\/pull-app-unit\/1254406011708510210\/build-log\.txt$/,
      () => ({ headers: { "content-type": "text/plain" }, body: world.log.join("\n") }),
    ],
  ],
};
