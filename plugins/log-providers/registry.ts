import type { LogProvider } from "../../src/provider.ts";

type Load = () => Promise<LogProvider>;

/** Every built-in log provider by name, in the order in which an address is tried on them: those with a host of their own first. */
export const logProviders = {
  circleci: async () => (await import("./circleci.ts")).default,
  buildkite: async () => (await import("./buildkite.ts")).default,
  "azure-pipelines": async () => (await import("./azure-pipelines.ts")).default,
  gitlab: async () => (await import("./gitlab.ts")).default,
  jenkins: async () => (await import("./jenkins.ts")).default,
  travis: async () => (await import("./travis.ts")).default,
  appveyor: async () => (await import("./appveyor.ts")).default,
  bitrise: async () => (await import("./bitrise.ts")).default,
  teamcity: async () => (await import("./teamcity.ts")).default,
  drone: async () => (await import("./drone.ts")).default,
  woodpecker: async () => (await import("./woodpecker.ts")).default,
  prow: async () => (await import("./prow.ts")).default,
  zuul: async () => (await import("./zuul.ts")).default,
} satisfies Record<string, Load>;
