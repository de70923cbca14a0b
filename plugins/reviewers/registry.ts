import type { Reviewer } from "../../src/provider.ts";

type Load = () => Promise<Reviewer>;

/** Every built-in reviewer by name. */
export const reviewers = {
  coderabbit: async () => (await import("./coderabbit.ts")).default,
} satisfies Record<string, Load>;
