import { appendFileSync, closeSync, existsSync, openSync, statSync, writeFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { shellQuote } from "../../base/shell-quote.ts";
import { errorText } from "../../core/errors.ts";
import type { HookCall } from "../../harness/harness.ts";
import { makeDir } from "../../store/files.ts";
import type { Answer } from "../answer.ts";
import type { HookContext } from "../context.ts";
import { adoptDead, inheritFrom } from "../inherit.ts";
import { note } from "../log.ts";
import { openInbox } from "../open-inbox.ts";
import { beginLooking, sweepPushClaims } from "../pushes/find-pushes.ts";
import { TRACE_MAX_FILES } from "../pushes/trace.ts";
import { hookDeps, inFlight, waitsInFlight } from "../register-pushes.ts";
import { endingsText, nameOf, progressOf, quoted } from "../texts.ts";

/**
 * At the start of a session (new, after a clear, resumed or forked), gives it its inbox and git trace, returns what ended
 * meanwhile and what is in flight, and re-arms waits without a watcher.
 */
export async function start(call: HookCall, context: HookContext): Promise<Answer> {
  if (context.subagent || !(await isFirstCopy(context))) return {};
  await open(call, context);
  const env = await exportToShells(call, context);
  beginLooking(context);
  const parts: string[] = [];
  const told = context.tells ? await context.delivery.claim("SessionStart") : [];
  if (told.length > 0) parts.push(endingsText(told));
  const waits = waitsInFlight(context);
  context.folder.mark("waits", waits.length > 0);
  if (waits.length > 0) {
    const lines = waits.map((wait) => inFlight(wait, context)).map((wait) => `  ${nameOf(wait)}: ${progressOf(wait)}`);
    parts.push(`p9 watches for this session, and reports once when one ends:\n${lines.slice(0, 8).join("\n")}`);
  }
  await rearmAll(context);
  sweepPushClaims(context.store.paths.inbox, context.clock.now());
  return {
    watchPaths: [context.folder.wake],
    context: parts.length > 0 ? parts.join("\n\n") : undefined,
    message: await policyProblem(context),
    env,
    emits: told,
  };
}

/**
 * Whether this copy of the hooks answers for the client: plugin and hand-wired hooks may both be installed, and the copy that
 * creates this file wins.
 */
async function isFirstCopy({ env, folder, pid }: HookContext): Promise<boolean> {
  if (!env.P9_HOOKS) return true;
  makeDir(folder.path);
  const path = join(folder.path, `hooks.${pid}`);
  try {
    const file = openSync(path, "wx", 0o600);
    writeFileSync(file, `${env.P9_HOOKS}\n`);
    closeSync(file);
    return true;
  } catch {
    const { readFileSync } = await import("node:fs");
    return readFileSync(path, "utf8").trim() === env.P9_HOOKS;
  }
}

async function open({ source }: HookCall, context: HookContext): Promise<void> {
  const mine = await openInbox(context, { keepClaims: source === "compact" });
  // Which session a new one goes on from is told by the client's process.
  if ((source === "clear" || source === "fork") && mine.pid > 0) await inheritFrom(source, mine, context);
  else if (source !== "compact") await adoptDead(mine, context);
}

/**
 * Exports the session's name to later shell commands, git's trace unless the user traces git already, and a `p9` where PATH has none:
 * through the client's file, or as the variables that are returned.
 */
async function exportToShells({ envFile }: HookCall, context: HookContext): Promise<Answer["env"]> {
  const { env, folder, harness } = context;
  if (harness.exports === null || (harness.exports === "file" && !envFile)) return undefined;
  const variables: Record<string, string> = {
    BROOMVA_P9_SESSION: context.session,
    BROOMVA_P9_SESSION_OF: folder.client,
  };
  if (await mayTrace(context)) {
    makeDir(folder.trace);
    variables.GIT_TRACE2_EVENT = folder.trace;
    variables.GIT_TRACE2_MAX_FILES = String(TRACE_MAX_FILES);
  }
  if (harness.exports === "answer" || !envFile) return variables;
  const lines = Object.entries(variables).map(([name, value]) => `export ${name}=${shellQuote(value)}`);
  const bin = ownBin(env);
  if (bin !== null) lines.push(`export PATH="$PATH":${shellQuote(bin)}`);
  appendFileSync(envFile, `${lines.join("\n")}\n`);
  return undefined;
}

/** The folder of this copy's own `p9`; null when PATH has one. */
function ownBin({ P9_HOOKS, PATH = "" }: HookContext["env"]): string | null {
  if (P9_HOOKS === undefined) return null;
  const bin = join(P9_HOOKS.replace(/^plugin:/, ""), "../bin");
  const folders = PATH.split(":").filter(isAbsolute);
  return existsSync(join(bin, "p9")) && !folders.some((folder) => existsSync(join(folder, "p9"))) ? bin : null;
}

async function mayTrace(context: HookContext): Promise<boolean> {
  const { env, store } = context;
  const own = env.GIT_TRACE2_EVENT?.startsWith(`${store.paths.inbox}/`);
  if (env.GIT_TRACE2_EVENT && !own) return false;
  return (await context.git()(["config", "--get", "trace2.eventTarget"])) === null;
}

async function rearmAll(context: HookContext): Promise<void> {
  // An empty log has no waits to re-arm.
  if ((statSync(context.store.paths.state, { throwIfNoEntry: false })?.size ?? 0) === 0) return;
  try {
    const { rearm } = await import("../../watch/owner/recover.ts");
    await rearm(hookDeps(context));
  } catch (error) {
    note(context, `re-arm: ${errorText(error)}`);
  }
}

/** A line about a policy that cannot be read, since p9 is off because of it; null when there is none. */
async function policyProblem(context: HookContext): Promise<string | undefined> {
  const { findPolicy } = await import("../../config/load.ts");
  if (findPolicy(context) === null) return undefined;
  const { problems } = await context.policy();
  return problems.length > 0 ? `p9 watches nothing here: ${quoted(problems[0] ?? "", 400)}` : undefined;
}
