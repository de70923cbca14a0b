import { existsSync, realpathSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import { isObject } from "../base/json.ts";
import type { HarnessName } from "../harness/harness.ts";
import type { Exec } from "../process/exec.ts";
import { workTreeOf } from "../process/git.ts";
import { paths } from "../store/paths.ts";
import { channelChange } from "./channel.ts";
import { clientBack, clientChanges } from "./clients.ts";
import { type FileChange, readText } from "./files.ts";
import { edited, givenBack } from "./give-back.ts";
import { SETUPS } from "./harnesses/registry.ts";
import { policyChange } from "./policy.ts";
import { install, isPlainJson, type Wanted } from "./settings.ts";
import { shimChange, shimPath } from "./shim.ts";
import { type Finder, hookGroups, statuslineCommand } from "./wiring.ts";
import { WrittenFiles } from "./written.ts";

/** What `p9 init` was asked for. */
export interface InitRequest {
  readonly scope: "user" | "project";
  /** The clients that are set up, or taken p9 out of. */
  readonly harnesses: readonly HarnessName[];
  /** Settings of Gemini that a wake needs. */
  readonly wake: boolean;
  readonly remove: boolean;
  readonly statusline: boolean;
  readonly policy: boolean;
  readonly shim: boolean;
  /** Type of the channel for notices that the user agreed to. */
  readonly channel: string | null;
  readonly cwd: string;
  /** The state directory. */
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** dist/p9.js of this installation. */
  readonly program: string;
  readonly exec: Exec;
}

/** What is to be changed, and what the user should know. */
export interface InitPlan {
  readonly changes: readonly FileChange[];
  readonly notes: readonly string[];
  /** Why p9 does not work although it is set up. */
  readonly hindrances: readonly string[];
}

/** Works out every change of a set-up; nothing is written. @throws {DegradedError} for a settings file that cannot be edited. */
export async function planInit(request: InitRequest): Promise<InitPlan> {
  const tree = await workTreeOf(request);
  const root = tree ?? request.cwd;
  const notes: string[] = [];
  const hindrances: string[] = [];
  if (tree === null && request.scope === "project")
    notes.push(`"${root}" is in no git repository: what is set up here is for this folder and those below it`);
  const changes = harnessChanges(request, root, notes, hindrances);
  const extra: (FileChange & { readonly problem?: string })[] = [];
  if (request.remove) {
    if (request.scope === "project") extra.push(shim(request, root));
    notes.push(
      "the policy and the channels for notices are left as they are (p9 uninstall takes out what p9 made and nobody changed)",
    );
  } else {
    if (request.policy) extra.push(await policy(request, root));
    if (request.channel !== null) extra.push(channelChange(paths(request.home).notifyConfig, request.channel));
    if (request.shim) extra.push(shim(request, root));
    else if (request.scope === "project" && isBstack(root) && !existsSync(shimPath(root)))
      notes.push(
        `its instructions may call ${shimPath(root)}: "p9 init --project --shim" writes one that calls this p9`,
      );
  }
  for (const { problem } of extra) if (problem) notes.push(problem);
  const within = request.scope === "project" ? { within: root } : {};
  return { changes: [...changes, ...extra].map((change) => ({ ...change, ...within })), notes, hindrances };
}

function harnessChanges(
  request: InitRequest,
  root: string,
  notes: string[],
  hindrances: string[],
): readonly FileChange[] {
  const { harnesses, scope, env, home, remove, wake } = request;
  const whose = { env, project: scope === "project" ? root : null };
  const finder = finderOf(request, remove ? [] : notes);
  if (scope === "project" && !remove) notes.push(...unaskedNote(harnesses));
  const written = new WrittenFiles(home);
  const refused = (problem: string) => void notes.push(problem);
  return harnesses.flatMap((name): readonly FileChange[] => {
    if (name === "claude") return [settingsChange(request, root, finder, notes, hindrances)];
    const setup = SETUPS[name];
    if (remove) return clientBack(setup, whose, written);
    const changes = clientChanges(setup, { whose, finder, agreed: { wake }, written, refused });
    if (setup.next !== undefined && changes.some(({ done }) => done.length > 0)) notes.push(setup.next);
    return changes;
  });
}

/** What everybody who works in a project should know of clients that run its hooks at once. */
function unaskedNote(harnesses: readonly HarnessName[]): readonly string[] {
  const unasked = harnesses.flatMap((name) =>
    name !== "claude" && SETUPS[name].isUnasked ? [SETUPS[name].title] : [],
  );
  if (unasked.length === 0) return [];
  const who =
    unasked.length === 1 ? `${unasked[0]} runs` : `${unasked.slice(0, -1).join(", ")} and ${unasked.at(-1)} run`;
  return [`${who} the hooks of a project unasked: p9's too, for everybody who works here`];
}

function settingsChange(
  request: InitRequest,
  root: string,
  finder: Finder,
  notes: string[],
  hindrances: string[],
): FileChange {
  const path = settingsPath(request, root);
  if (request.remove) return givenBack(path, new WrittenFiles(request.home));
  const { text, done } = edited(path, (before) => install(before, wanted(request, root, finder, notes)));
  if (!isPlainJson(text))
    hindrances.push(`Claude Code ignores "${path}", hooks and all, until its comments and trailing commas are out`);
  return { path, text, done };
}

/** How the files of a scope find p9. */
function finderOf(request: InitRequest, notes: string[]): Finder {
  const shared = request.scope === "project";
  const found = onPath(request);
  const isFound = found !== null && found === realpathSync(request.program);
  if (shared && !isFound)
    notes.push(
      `p9 is not on PATH: the hooks name this installation's folder; with it there, "p9 init --project" makes them portable`,
    );
  else if (!shared && found === null)
    notes.push(`p9 is not on PATH: "npm link" in "${dirname(dirname(request.program))}" puts it there`);
  return shared && isFound ? "path" : { program: request.program };
}

function wanted(request: InitRequest, root: string, finder: Finder, notes: string[]): Wanted {
  const plugin = enabledPlugin(request, root);
  if (plugin) notes.push(`the plugin "${plugin}" answers the hooks: none were added`);
  const own = request.statusline ? (chained: string | null) => statuslineCommand(finder, chained) : undefined;
  return {
    hooks: plugin ? new Map<string, never>() : hookGroups(finder),
    // One of a project would hide the status lines of everybody who works there.
    statusline: request.scope === "project" ? null : own,
  };
}

function configFolder(env: InitRequest["env"]): string {
  return env.CLAUDE_CONFIG_DIR || join(env.HOME || "/", ".claude");
}

/** The settings file of a scope. */
export function settingsPath({ scope, env }: Pick<InitRequest, "scope" | "env">, root: string): string {
  return join(scope === "user" ? configFolder(env) : join(root, ".claude"), "settings.json");
}

/** The real path of the p9 that a shell would run, or null. */
function onPath({ env }: InitRequest): string | null {
  for (const folder of (env.PATH ?? "").split(":")) {
    const path = join(folder, "p9");
    if (isAbsolute(folder) && existsSync(path)) return realpathSync(path);
  }
  return null;
}

/** The id of an enabled p9 plugin in the user's or the project's settings. */
function enabledPlugin({ env }: InitRequest, root: string): string | undefined {
  const files = [
    join(configFolder(env), "settings.json"),
    join(root, ".claude/settings.json"),
    join(root, ".claude/settings.local.json"),
  ];
  for (const path of files) {
    const plugins = parsed(readText(path))?.enabledPlugins;
    const found = isObject(plugins) && Object.keys(plugins).find((id) => id.startsWith("p9@") && plugins[id] === true);
    if (found) return found;
  }
  return undefined;
}

function parsed(text: string | null): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text ?? "null");
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

async function policy({ scope, home }: InitRequest, root: string) {
  if (scope === "user") {
    const path = join(home, "config.yaml");
    const text = readText(path);
    const change = await policyChange(path, text, ["ci_watch"]);
    return text === null ? { ...change, mode: 0o600 } : change;
  }
  const path = join(root, ".control/policy.yaml");
  return policyChange(path, readText(path), ["ci_watch", "ci_heal"]);
}

function shim({ program, remove }: InitRequest, root: string) {
  return shimChange(shimPath(root), readText(shimPath(root)), program, remove);
}

/** A bstack workspace keeps its skills beside its policy. */
function isBstack(root: string): boolean {
  return existsSync(join(root, ".control")) && (existsSync(join(root, "skills")) || existsSync(join(root, ".bstack")));
}
