import { defineProvider } from "../../../../src/provider.ts";

const application = {
  app: { description: "application id", env: "ALGOLIA_APPLICATION_ID" },
};
const headers = {
  "X-Algolia-Application-Id": "{env:ALGOLIA_APPLICATION_ID}",
  "X-Algolia-API-Key": "{env:ALGOLIA_API_KEY}",
};

/** One Algolia task. It has no failed state: only the deadline ends one that is never published. */
export default defineProvider({
  name: "algolia",
  title: "Algolia",
  waits: "index-sync",
  checked: "the vendor's npm client 5.64 accepted such a server once",
  base: { url: "https://{app}.algolia.net", env: "ALGOLIA_API_URL" },
  headers,
  params: application,
  refs: ["(?<index>[^/]+)/(?<id>\\d+)"],
  label: "task {id} of {index}",
  request: { path: "/1/indexes/{index}/task/{id}" },
  state: "/status",
  states: { running: ["notPublished"], succeeded: ["published"] },
});

/** One run of Algolia's ingestion. */
export const run = defineProvider({
  name: "algolia-run",
  title: "Algolia ingestion",
  waits: "index-sync",
  checked: "types of the vendor's client only",
  base: { url: "https://data.{region}.algolia.com", env: "ALGOLIA_INGESTION_URL" },
  headers,
  params: { region: { description: "region of the application", env: "ALGOLIA_REGION", default: "us" } },
  refs: ["(?:runs?/)?(?<id>[0-9a-f-]{36})"],
  label: "run {id}",
  request: { path: "/1/runs/{id}" },
  state: ["/status", "/outcome"],
  states: {
    waiting: ["created:null"],
    running: ["started:null"],
    succeeded: ["finished:success"],
    failed: ["finished:failure"],
    skipped: ["finished:skipped", "skipped:null", "skipped:skipped"],
  },
  progress: { done: "/progress/receivedNbOfEvents", total: "/progress/expectedNbOfEvents" },
  reason: ["/reason", "/reasonCode"],
  startedAt: "/startedAt",
  endedAt: "/finishedAt",
});
