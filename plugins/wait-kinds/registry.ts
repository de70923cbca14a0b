import type { WaitKind } from "../../src/plugin.ts";

type Load = () => Promise<WaitKind>;

/** Every built-in wait kind by name, each loaded when it is first asked for: `"name": async () => (await import("./name.ts")).default`. */
export const waitKinds = {
  build: async () => (await import("./build.ts")).default,
  command: async () => (await import("./command.ts")).default,
  deploy: async () => (await import("./deploy.ts")).default,
  http: async () => (await import("./http.ts")).default,
  "index-sync": async () => (await import("./index-sync.ts")).default,
  "pr-ci": async () => (await import("./pr-ci.ts")).default,
  review: async () => (await import("./review.ts")).default,
} satisfies Record<string, Load>;

/**
 * The kinds that commands mean without their name: a pull request, a command that is started, one that is asked again and again, a
 * run of GitHub Actions by its page, any other address, the reviews in which p9 answers.
 */
export const impliedKinds = {
  pullRequest: "pr-ci",
  started: "build",
  asked: "command",
  run: "build",
  address: "http",
  reviews: "review",
} as const satisfies Record<string, keyof typeof waitKinds>;
