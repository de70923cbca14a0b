import { defineLogProvider } from "../../src/provider.ts";

const folder = "/{bucket}/{+folder}";

/** Prow: what a job leaves in a public bucket of Google Cloud Storage. While it runs there is no `finished.json`. */
export default defineLogProvider({
  name: "prow",
  title: "Prow",
  checked: "kubernetes-sigs/prow (addresses of deck, files of a job, results of sidecar and crier)",
  base: { url: "https://storage.googleapis.com", env: "PROW_STORAGE_URL" },
  sites: ["https://prow.k8s.io", "https://prow.ci.openshift.org"],
  pages: [{ path: "/view/(?:gs|gcs)/(?<bucket>[^/?#]+)/(?<folder>[^?#]+?)/?(?:[?#].*)?", is: "job", telling: true }],
  targets: {
    job: {
      label: "{folder}",
      request: { path: `${folder}/finished.json` },
      missing: "running",
      state: "/result",
      states: {
        succeeded: ["SUCCESS", "success"],
        failed: ["FAILURE", "failure", "ERROR", "error"],
        cancelled: ["ABORTED", "aborted"],
      },
      rules: [
        {
          when: [
            { at: "/result", present: false },
            { at: "/passed", is: ["true"] },
          ],
          is: "succeeded",
        },
        {
          when: [
            { at: "/result", present: false },
            { at: "/passed", is: ["false"] },
          ],
          is: "failed",
        },
      ],
      endedAt: "/timestamp",
      logs: [{ text: [{ request: { path: `${folder}/build-log.txt` }, tail: true }] }],
    },
  },
});
