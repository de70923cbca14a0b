import type { Harness, HarnessName } from "./harness.ts";

/** Adapters by name, loaded when a hook of theirs is called. */
const ADAPTERS: Readonly<Record<HarnessName, () => Promise<Harness>>> = {
  claude: async () => (await import("./clients/claude.ts")).claude,
  codex: async () => (await import("./clients/codex.ts")).codex,
  opencode: async () => (await import("./clients/package.ts")).opencode,
  copilot: async () => (await import("./clients/copilot.ts")).copilot,
  gemini: async () => (await import("./clients/gemini.ts")).gemini,
  pi: async () => (await import("./clients/package.ts")).pi,
  droid: async () => (await import("./clients/droid.ts")).droid,
  cline: async () => (await import("./clients/cline.ts")).cline,
  cursor: async () => (await import("./clients/cursor.ts")).cursor,
  windsurf: async () => (await import("./clients/windsurf.ts")).windsurf,
  kiro: async () => (await import("./clients/kiro.ts")).kiro,
  goose: async () => (await import("./clients/goose.ts")).goose,
  vscode: async () => (await import("./clients/vscode.ts")).vscode,
};

/** Names of all harnesses. */
export const HARNESSES = Object.keys(ADAPTERS).filter(isHarness);

/** Whether a text names a harness. */
export function isHarness(name: string): name is HarnessName {
  return Object.hasOwn(ADAPTERS, name);
}

/** Loads a harness's adapter. */
export function loadHarness(name: HarnessName): Promise<Harness> {
  return ADAPTERS[name]();
}
