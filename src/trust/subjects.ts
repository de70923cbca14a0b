import { existsSync, readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { isObject } from "../base/json.ts";
import type { LoadedPolicy } from "../config/load.ts";
import type { Env } from "../contract/context.ts";
import type { FailureType } from "../heal/classify/rule.ts";
import { joined, policyCommand } from "../heal/repair/plan.ts";
import { commandContent, projectCommand } from "../heal/repair/project.ts";
import type { TrustSubject } from "./trust.ts";

/** Where to look for what a repository names. */
export interface TrustPlace {
  readonly home: string;
  readonly env: Env;
  readonly cwd: string;
  readonly policy: LoadedPolicy;
  /** Root of the repository. */
  readonly root: string;
}

/** Everything that this repository names and that p9 would run or send to, with its content as it stands now. */
export async function trustSubjects(place: TrustPlace): Promise<TrustSubject[]> {
  const lists = await Promise.all([
    healSubjects(place),
    notifySubjects(place),
    pluginSubjects(place),
    providerSubjects(place),
    graphSubjects(place),
  ]);
  return lists.flat();
}

function healSubjects({ policy, root }: TrustPlace): TrustSubject[] {
  const named = isObject(policy.raw.policy.ci_heal) ? policy.raw.policy.ci_heal : {};
  const commands = Object.keys(isObject(named.commands) ? named.commands : {}).flatMap(
    (type) => policyCommand(policy, type as FailureType, root)?.trust ?? [],
  );
  const setup = joined(named.setup);
  const own = (["format", "lint", "codegen_drift"] as const).flatMap((type) => {
    const command = projectCommand(root, type);
    return command ? [{ subject: `heal:${type}`, content: command.content }] : [];
  });
  return [
    ...commands,
    ...(setup === null ? [] : [{ subject: "ci_heal.setup", content: commandContent(root, setup) }]),
    ...own,
  ];
}

async function notifySubjects({ home, env, cwd, policy }: TrustPlace): Promise<TrustSubject[]> {
  const { channelsIn } = await import("../notify/sources.ts");
  const { channels } = await channelsIn({ home, env, cwd });
  const hook = policy.ci_heal.escalation_channel?.notify_hook;
  const path = hook && policy.workspace ? (isAbsolute(hook) ? hook : join(policy.workspace, hook)) : null;
  const hooks = path && existsSync(path) ? [{ subject: "notify_hook", content: readFileSync(path, "utf8") }] : [];
  return [...channels.flatMap(({ trust }) => (trust ? [trust] : [])), ...hooks];
}

async function pluginSubjects({ home, env, cwd }: TrustPlace): Promise<TrustSubject[]> {
  const { repositoryPlugins } = await import("../plugins-host/find/trusted.ts");
  const plugins = await repositoryPlugins({ home, env, cwd });
  return plugins.filter(({ problem }) => problem === null).map(({ subject, content }) => ({ subject, content }));
}

/** Entries that say where a credential is sent, or a program of their own (plugins/wait-kinds/providers). */
function providerSubjects({ policy }: TrustPlace): TrustSubject[] {
  const block = isObject(policy.raw.policy.ci_watch) ? policy.raw.policy.ci_watch : {};
  return ["providers", "index_sync"].flatMap((key) => {
    const entries = isObject(block[key]) ? Object.entries(block[key]) : [];
    return entries
      .filter(
        ([, entry]) =>
          isObject(entry) &&
          ["request", "base", "auth", "host", "port", "headers", "cmd"].some((name) => name in entry),
      )
      .map(([name, entry]) => ({ subject: `ci_watch.${key}.${name}`, content: JSON.stringify(entry, null, 2) }));
  });
}

/** Programs of the knowledge graph that lie in the repository (plugins/queue-sources/graph). */
function graphSubjects({ root }: TrustPlace): TrustSubject[] {
  return GRAPH_PROGRAMS.flatMap((path) => {
    const file = join(root, "skills", path);
    return existsSync(file) ? [{ subject: `queue source "graph": ${path}`, content: readFileSync(file, "utf8") }] : [];
  });
}

const GRAPH_PROGRAMS = ["kg/scripts/kg.py", "bookkeeping/scripts/bookkeeping.py"];
