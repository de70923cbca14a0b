import { timestamp } from "../../base/clock.ts";
import type { OptionSpecs } from "../../contract/options.ts";
import type { DiscoverContext, FoundItem, QueueSource } from "../../contract/queue-source.ts";
import { makePluginContext } from "../../plugins-host/context.ts";
import { defaultOptions } from "../../plugins-host/parts/options.ts";
import { bareTier } from "../isolation/work-tier.ts";
import type { QueueContext } from "../queue-context.ts";
import type { QueueItem } from "../store/fold.ts";
import type { Draft } from "../store/queue.ts";
import { askSource, type SourceProblem } from "./ask-source.ts";
import type { Listed } from "./availability.ts";

/** Most items that are taken from one source. */
const SOURCE_LIMIT = 50;

/** What asking a source showed beside available work. */
export interface Findings {
  readonly problems: readonly SourceProblem[];
  /** Offered work that only people may do: it is noted, and listed. */
  readonly blocked: readonly Draft[];
  /** Items of the queue that their source does not offer any more. */
  readonly withdrawn: readonly QueueItem[];
}

/** No findings. */
export const NOTHING: Findings = { problems: [], blocked: [], withdrawn: [] };

/** Work of one source that can be handed out: what is in the queue already, and what was just offered. */
export interface Discovered {
  readonly stored: readonly Listed[];
  readonly drafts: readonly Draft[];
  readonly found: Findings;
}

/** Asks a source what it offers here. `listed`: what the queue has of that source. */
export async function discover(
  context: QueueContext,
  source: QueueSource,
  name: string,
  listed: readonly Listed[],
): Promise<Discovered> {
  const asked = await askSource(source, (signal) => discoverContext(context, name, signal, source.options));
  const drafts = asked.items.map((offered) => draftOf(context, name, offered));
  const keys = new Set(drafts.map(({ key }) => key));
  const isGone = ({ item }: Listed) =>
    asked.complete && item.discovered && !keys.has(item.key) && wasFoundHere(item, context);
  const stored = listed.filter((one) => one.status === "available" && !isGone(one));
  const known = new Set(stored.map(({ item }) => item.key));
  const blocked = drafts.filter((draft) => draft.isolation_tier === "blocked");
  return {
    stored,
    drafts: drafts.filter((draft) => !blocked.includes(draft) && !known.has(draft.key ?? null)),
    found: { problems: asked.problems, blocked, withdrawn: listed.filter(isGone).map(({ item }) => item) },
  };
}

/** Whether an item was found for this pull request by this session, or one that it goes on from; a source that is asked about another one cannot withdraw it. */
function wasFoundHere(item: QueueItem, { pr, input, family }: QueueContext): boolean {
  return (
    family.has(item.session_id ?? "") && item.pr === (pr?.number ?? null) && item.repo === (pr?.repo ?? input.repo)
  );
}

/** The context that a source gets. */
export function discoverContext(
  context: QueueContext,
  source: string,
  signal: AbortSignal,
  options: OptionSpecs = {},
): DiscoverContext {
  const { input, changes } = context;
  return {
    ...makePluginContext({ ...input, plugin: `source-${source}`, signal }),
    options: defaultOptions(`queue source "${source}"`, options),
    root: context.root,
    sessions: [...context.family],
    pr: context.pr,
    changedFiles: () => changes.files(),
    diff: () => changes.diff(),
    etaS: context.etaS,
    limit: SOURCE_LIMIT,
  };
}

/** The draft of what a source offers. */
function draftOf({ input, pr, isolation }: QueueContext, source: string, offered: FoundItem): Draft {
  return {
    source,
    item: offered.item,
    session_id: input.session,
    isolation_tier: bareTier(offered, isolation).tier,
    tier: offered.tier ?? null,
    pr: pr?.number ?? null,
    repo: pr?.repo ?? input.repo,
    files: offered.files ?? [],
    minutes: offered.minutes ?? null,
    key: offered.key,
    why: offered.why ?? null,
    created_at: timestamp(offered.createdAt ?? input.clock.now()),
  };
}
