import { defineLogProvider } from "../../src/provider.ts";

const build = "/api/repos/{owner}/{repo}/builds/{build}";
const FAILED = ["failure", "error"];

const told = {
  label: "{owner}/{repo} build {build}",
  request: { path: build },
  state: "/status",
  states: {
    waiting: ["pending", "waiting_on_dependencies"],
    running: ["running"],
    succeeded: ["success"],
    failed: FAILED,
    cancelled: ["killed", "declined"],
    skipped: ["skipped"],
    blocked: ["blocked"],
  },
  reason: ["/error"],
  startedAt: "/started",
  endedAt: "/finished",
};

/** A stage or step that failed, and was not allowed to. */
const failed = [
  { at: "/status", is: FAILED },
  { at: "/errignore", not: ["true"] },
];

const errors = { text: [{ lines: "/error" }], fallback: true };

const failedStages = (...which: readonly { readonly at: string; readonly is: readonly string[] }[]) => ({
  items: "/stages",
  where: [...failed, ...which],
  as: "job" as const,
  name: ["{/name}"],
  values: { stage: "/number" },
  parts: [
    {
      items: "/steps",
      where: failed,
      as: "step" as const,
      name: ["{/name}"],
      exit: "/exit_code",
      values: { step: "/number" },
      text: [
        { request: { path: `${build}/logs/{stage}/{step}` }, lines: "", line: "/out" },
        { lines: "/error", fallback: true },
      ],
    },
    errors,
  ],
});

/** Drone, on a server of one's own. Public repositories are read without a token. */
export default defineLogProvider({
  name: "drone",
  title: "Drone",
  checked: "drone/drone (states, stages, logs, address of a status), drone-go (requests)",
  base: { env: "DRONE_SERVER" },
  headers: { authorization: "Bearer {env:DRONE_TOKEN?}" },
  contexts: ["continuous-integration/drone(?:/.*)?"],
  pages: [
    {
      path: "/(?<owner>[^/?#]+)/(?<repo>[^/?#]+)/(?<build>\\d+)/(?<only>\\d+)(?:/\\d+)?/?(?:[?#].*)?",
      is: "stage",
      telling: true,
    },
    { path: "/(?<owner>[^/?#]+)/(?<repo>[^/?#]+)/(?<build>\\d+)/?(?:[?#].*)?", is: "build", telling: true },
  ],
  targets: {
    build: { ...told, logs: [failedStages(), errors] },
    // What is watched is the build that the stage is part of.
    stage: { ...told, logs: [failedStages({ at: "/number", is: ["{only}"] }), errors] },
  },
});
