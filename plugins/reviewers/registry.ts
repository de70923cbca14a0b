import type { Reviewer } from "../../src/provider.ts";

type Load = () => Promise<Reviewer>;

/** Every built-in reviewer by name. */
export const reviewers = {
  coderabbit: async () => (await import("./coderabbit.ts")).default,
  copilot: async () => (await import("./copilot.ts")).default,
  codex: async () => (await import("./codex.ts")).default,
  bugbot: async () => (await import("./bugbot.ts")).default,
  greptile: async () => (await import("./greptile.ts")).default,
  claude: async () => (await import("./claude.ts")).default,
  sourcery: async () => (await import("./sourcery.ts")).default,
  qodo: async () => (await import("./qodo.ts")).default,
  gemini: async () => (await import("./gemini.ts")).default,
  graphite: async () => (await import("./graphite.ts")).default,
} satisfies Record<string, Load>;
