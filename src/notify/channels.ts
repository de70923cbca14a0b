import { existsSync } from "node:fs";
import { parseDuration } from "../base/duration.ts";
import { isObject, type Json, type JsonObject } from "../base/json.ts";
import { readSmallFile, withoutMark } from "../base/small-file.ts";
import { parseJsonc } from "../config/json-problem.ts";
import type { Env, TrustSubject } from "../contract/context.ts";
import type { Options } from "../contract/options.ts";
import { errorText } from "../core/errors.ts";
import { paths } from "../store/paths.ts";
import { type Filter, readFilter } from "./filter.ts";

/** One way to tell somebody, as configured. */
export interface Channel {
  /** Unique: the type, with a number from the second of a type on, or the `name` given. */
  readonly name: string;
  /** Name of the notifier. */
  readonly type: string;
  readonly options: Options;
  readonly filter: Filter;
  /** Seconds that one delivery may take, when given. */
  readonly timeoutS: number | null;
  /** What must be trusted before the channel is used: the repository names it. Null: the user does. */
  readonly trust: TrustSubject | null;
  /** Where a command of the channel runs. */
  readonly cwd: string | null;
}

/** Configuration that cannot be used, as a failed delivery of a channel `config`. */
export interface ChannelProblem {
  readonly channel: string;
  readonly error: string;
}

/** Channels of every origin, and what is wrong with the rest. */
export interface Channels {
  readonly channels: readonly Channel[];
  readonly problems: readonly ChannelProblem[];
}

const RESERVED = ["type", "name", "timeout", "kinds", "severity", "repos", "wait_kinds", "min_duration"];

/** A channel as written, and the workspace of the repository that names it; null: the user does. */
export interface ChannelEntry {
  readonly entry: unknown;
  readonly workspace: string | null;
  /** What must be trusted, for a repository's. */
  readonly trust?: Channel["trust"];
}

/** Entries of `notify.json` and of the environment: the user's own, trusted. */
export function userEntries(
  home: string,
  env: Env,
): { readonly entries: readonly ChannelEntry[]; readonly problems: readonly ChannelProblem[] } {
  const { entries, problems } = readNotifyJson(paths(home).notifyConfig);
  const topic = env.BROOMVA_P9_NTFY_TOPIC?.trim();
  const quick =
    topic && !entries.some((entry) => isObject(entry) && entry.type === "ntfy") ? [{ type: "ntfy", topic }] : [];
  return { entries: [...entries, ...quick].map((entry) => ({ entry, workspace: null })), problems };
}

/** The channels of a list of entries, each with a name of its own. */
export function buildChannels(entries: readonly ChannelEntry[]): Channels {
  const channels: Channel[] = [];
  const problems: ChannelProblem[] = [];
  const taken = new Map<string, number>();
  for (const { entry, workspace, trust = null } of entries) {
    try {
      const channel = buildChannel(entry, workspace, trust);
      const count = (taken.get(channel.name) ?? 0) + 1;
      taken.set(channel.name, count);
      channels.push(count === 1 ? channel : { ...channel, name: `${channel.name}-${count}` });
    } catch (error) {
      problems.push({ channel: "config", error: errorText(error) });
    }
  }
  return { channels, problems };
}

function buildChannel(entry: unknown, workspace: string | null, trust: Channel["trust"]): Channel {
  if (!isObject(entry) || typeof entry.type !== "string" || entry.type === "") {
    throw new TypeError('Cannot use a channel: wanted an object with a "type"');
  }
  const { type } = entry;
  const options = Object.fromEntries(
    Object.entries(entry as JsonObject)
      .filter(([key]) => !RESERVED.includes(key) || (key === "timeout" && type === "command"))
      .map(([key, value]) => [key.replaceAll("_", "-"), key === "timeout" ? seconds(value) : listed(value)]),
  );
  return {
    name: typeof entry.name === "string" && entry.name !== "" ? entry.name : type,
    type,
    options,
    filter: readFilter(entry, type),
    timeoutS: entry.timeout === undefined ? null : seconds(entry.timeout as Json),
    trust,
    cwd: workspace,
  };
}

/** `{"X-Team": "ops"}`, as people write headers, is the list `["X-Team: ops"]`. */
function listed(value: Json | undefined): Json | undefined {
  return isObject(value) ? Object.entries(value).map(([name, entry]) => `${name}: ${String(entry)}`) : value;
}

function seconds(value: Json | undefined): number {
  if (typeof value !== "number" && typeof value !== "string")
    throw new TypeError('Cannot read "timeout": wanted seconds');
  return parseDuration(value, "timeout");
}

function readNotifyJson(path: string): { entries: readonly unknown[]; problems: readonly ChannelProblem[] } {
  if (!existsSync(path)) return { entries: [], problems: [] };
  const bad = (why: string) => ({
    entries: [],
    problems: [{ channel: "config", error: `Cannot read "${path}": ${why}` }],
  });
  try {
    const file = parseJsonc(withoutMark(readSmallFile(path)));
    if (isObject(file) && Array.isArray(file.channels)) return { entries: file.channels, problems: [] };
    return bad('wanted {"channels": […]}');
  } catch (error) {
    return bad(errorText(error));
  }
}
