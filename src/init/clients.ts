import { existsSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import type { HarnessName } from "../harness/harness.ts";
import { HARNESSES } from "../harness/registry.ts";
import { type FileChange, readText } from "./files.ts";
import { edited, givenBack, isOwn } from "./give-back.ts";
import type { Agreed, ClientSetup, Env, OwnFile, SharedFile, Whose } from "./harnesses/client.ts";
import { SETUPS } from "./harnesses/registry.ts";
import type { Finder } from "./wiring.ts";
import type { WrittenFiles } from "./written.ts";

/** What a set-up needs to know. */
interface SetUp {
  readonly whose: Whose;
  readonly finder: Finder;
  readonly agreed: Agreed;
  readonly written: WrittenFiles;
  /** Is told of a file of somebody's that stands where p9's would, and stays. */
  readonly refused: (problem: string) => void;
}

/** Every change that sets a client up. @throws {DegradedError} for a file that cannot be edited. */
export function clientChanges(setup: ClientSetup, how: SetUp): readonly FileChange[] {
  const { whose, finder, agreed } = how;
  return setup.files(whose).map((file) => {
    if (!("install" in file)) return ownChange(file, how);
    return { path: file.path, ...edited(file.path, (text) => file.install(text, finder, agreed)) };
  });
}

function ownChange({ path, text, mode }: OwnFile, { finder, written, refused }: SetUp): FileChange {
  const before = readText(path);
  const wanted = text(finder);
  const isChanged = before !== wanted && written.has(path) && written.before(path) === undefined;
  if (before !== null && (isChanged || !isOwn(before))) {
    refused(`"${path}" ${isChanged ? "was changed since p9 wrote it" : "is there already"} and was not replaced`);
    return { path, text: before, done: [] };
  }
  const done = before === wanted ? [] : [before === null ? "made the file" : "renewed the file"];
  return { path, text: wanted, done, ...(mode === undefined ? {} : { mode }) };
}

/** Every change that takes p9 out of a client's files. @throws {DegradedError} for a file that cannot be edited. */
export function clientBack(setup: ClientSetup, whose: Whose, written: WrittenFiles): readonly FileChange[] {
  return setup.files(whose).map(({ path }) => givenBack(path, written));
}

/** Which of a client's files hold what p9 puts there. */
export function wiredFiles(
  setup: ClientSetup,
  whose: Whose,
): { readonly wired: readonly string[]; readonly missing: readonly string[] } {
  const files = setup.files(whose).map((file) => ({ path: file.path, isWired: isWired(file) }));
  return {
    wired: files.filter(({ isWired: is }) => is).map(({ path }) => path),
    missing: files.filter(({ isWired: is }) => !is).map(({ path }) => path),
  };
}

/** Whether a file can be read and holds p9's, of whatever version. */
function isWired(file: SharedFile | OwnFile): boolean {
  try {
    const text = readText(file.path);
    if (text === null || isOwn(text)) return text !== null;
    // A file without commands holds what p9 wants when nothing is left to be put in.
    return "install" in file && file.install(text, "path", { wake: false }).done.length === 0;
  } catch {
    return false;
  }
}

/** The clients that this user has: by their folders, or their programs on PATH. */
export function foundClients(env: Env): readonly HarnessName[] {
  return HARNESSES.filter((name) => {
    const { folders, programs } = name === "claude" ? CLAUDE : SETUPS[name];
    return folders(env).some((folder) => existsSync(folder)) || programs.some((program) => isOnPath(program, env));
  });
}

/** As its makers call it. */
export function clientTitle(name: HarnessName): string {
  return name === "claude" ? "Claude Code" : SETUPS[name].title;
}

/** Claude Code's settings are set up by themselves: they hold more than hooks. */
const CLAUDE: Pick<ClientSetup, "folders" | "programs"> = {
  folders: ({ CLAUDE_CONFIG_DIR, HOME }) => [CLAUDE_CONFIG_DIR || join(HOME || "/", ".claude")],
  programs: ["claude"],
};

function isOnPath(program: string, { PATH }: Env): boolean {
  return (PATH ?? "").split(":").some((folder) => isAbsolute(folder) && existsSync(join(folder, program)));
}
