import { existsSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { privateHostsNote } from "../base/address.ts";
import { isObject } from "../base/json.ts";
import { readSmallFile } from "../base/small-file.ts";
import type { LoadedPolicy } from "../config/load.ts";
import type { Env, TrustSubject } from "../contract/context.ts";
import { paths } from "../store/paths.ts";
import { buildChannels, type Channel, type ChannelEntry, type Channels, userEntries } from "./channels.ts";
import type { DatedNotice } from "./notice.ts";

/** Where channels are configured. */
export interface NotifyPlace {
  readonly home: string;
  readonly env: Env;
  readonly cwd: string;
}

/** All channels that apply in a directory: `notify.json`, the environment, `config.yaml`, and the repository's policy. */
export async function channelsIn(place: NotifyPlace): Promise<Channels & { readonly hook: Channel | null }> {
  const own = userEntries(place.home, place.env);
  const policy = await readPolicy(place);
  const workspace = policy?.workspace ?? null;
  const named = listOf(policy?.raw.policy.ci_watch);
  const entries: ChannelEntry[] = [
    ...own.entries,
    ...listOf(policy?.raw.config.ci_watch).map((entry) => ({ entry, workspace: null })),
    ...named.map((entry, index) => repositoryEntry(entry, index, workspace ?? place.cwd)),
  ];
  const { channels, problems } = buildChannels(entries);
  return { channels, problems: [...own.problems, ...problems], hook: policy ? escalationHook(policy) : null };
}

/** A channel that a repository names, and what must be trusted first. */
function repositoryEntry(entry: unknown, index: number, workspace: string): ChannelEntry {
  const { cmd, argv } = isObject(entry) ? entry : {};
  const command = typeof cmd === "string" ? cmd : Array.isArray(argv) ? argv.join(" ") : null;
  const runs = command === null ? {} : { command };
  const content = [JSON.stringify(entry), privateHostsNote(entry)].filter(Boolean).join("\n");
  return { entry, workspace, trust: { subject: `ci_watch.notify[${index}]`, content, ...runs } };
}

/** Trust subjects of a repository's notifications: its channels and its escalation hook. */
export async function channelSubjects(place: NotifyPlace): Promise<readonly TrustSubject[]> {
  const { channels, hook } = await channelsIn(place);
  return [...channels, ...(hook ? [hook] : [])].flatMap(({ trust }) => trust ?? []);
}

/**
 * Whether a notice may have a channel at all, by looking at files without reading YAML. Without one, no delivery process is
 * started.
 */
export function mayHaveChannel({ home, env, cwd }: NotifyPlace, policyFile: string | null): boolean {
  const files = paths(home);
  if (existsSync(files.notifyConfig) || env.BROOMVA_P9_NTFY_TOPIC?.trim()) return true;
  const mentions = (path: string) => /\bnotify(?:_hook)?\s*:|escalation_channel\s*:/.test(textOf(path));
  return (
    mentions(files.config) ||
    (policyFile !== null && mentions(isAbsolute(policyFile) ? policyFile : join(cwd, policyFile)))
  );
}

/** Whether the policy's escalation hook hears of a notice, as in the Python p9: escalations and stalls. */
export function isEscalation({ kind }: Pick<DatedNotice, "kind">): boolean {
  return kind.includes("escalat") || kind === "stuck";
}

/** A file's text; one that cannot be read names no channel. */
function textOf(path: string): string {
  try {
    return readSmallFile(path);
  } catch {
    return "";
  }
}

function escalationHook({ ci_heal, workspace, raw }: LoadedPolicy): Channel | null {
  const hook = ci_heal.escalation_channel?.notify_hook;
  if (!hook || workspace === null) return null;
  const path = isAbsolute(hook) ? hook : join(workspace, hook);
  if (!existsSync(path)) return null;
  const own =
    isObject(raw.config.ci_heal) &&
    isObject(raw.config.ci_heal.escalation_channel) &&
    raw.config.ci_heal.escalation_channel.notify_hook === hook;
  // What is trusted is the script's text: `p9 trust` asks again when it changes.
  const content = textOf(path);
  if (!own && content === "") return null;
  const trust = own ? null : { subject: "notify_hook", content, command: path };
  const entry = { type: "command", name: "escalation-hook", argv: [path] };
  return buildChannels([{ entry, workspace, trust }]).channels[0] ?? null;
}

async function readPolicy(place: NotifyPlace): Promise<LoadedPolicy | null> {
  try {
    const { loadPolicy } = await import("../config/load.ts");
    return await loadPolicy(place);
  } catch {
    // doctor and other commands report a broken policy; the user's own channels still work.
    return null;
  }
}

function listOf(block: unknown): readonly unknown[] {
  return isObject(block) && Array.isArray(block.notify) ? block.notify : [];
}
