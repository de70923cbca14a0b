import { existsSync } from "node:fs";
import { isAbsolute, join, relative, resolve } from "node:path";
import { parseTimestamp } from "../../../base/clock.ts";
import { localTime, relativeTime } from "../../../base/local-time.ts";
import { didYouMean } from "../../../base/nearest.ts";
import { redact } from "../../../base/redact.ts";
import { counted, oneLine } from "../../../base/text.ts";
import type { IsolationTier } from "../../../contract/queue-source.ts";
import { DegradedError, UsageError } from "../../../core/errors.ts";
import { repositoryRoot } from "../../../queue/isolation/changes.ts";
import { tierOf } from "../../../queue/isolation/work-tier.ts";
import type { SourceProblem } from "../../../queue/pick/ask-source.ts";
import { type OverviewItem, overview } from "../../../queue/pick/overview.ts";
import { pop } from "../../../queue/pick/pop.ts";
import { BUILT_IN_SOURCES } from "../../../queue/pick/source-rank.ts";
import type { QueueContext } from "../../../queue/queue-context.ts";
import { isVisibleTo } from "../../../queue/store/queue.ts";
import type { Context } from "../../program/context.ts";
import { findWait } from "../../show/find-wait.ts";
import { columnsOf, flow, type Part, type Tone } from "../../show/styled.ts";
import { itemText } from "./item-text.ts";
import { openQueue, openQueueContext } from "./open.ts";

const MAX_ITEM = 20_000;
const MAX_LEASE_S = 30 * 86_400;

/** Options of `push`. */
export interface PushOptions {
  readonly item: string;
  readonly source: string;
  readonly pr?: number;
  readonly repo?: string;
  readonly tier?: IsolationTier;
  readonly files?: readonly string[];
  readonly minutes?: number;
  readonly key?: string;
  readonly after?: string;
  readonly shared?: true;
}

/** `wait-queue push` */
export async function pushItem(context: Context, options: PushOptions): Promise<void> {
  const text = (options.item === "-" ? context.stdin() : options.item).trim();
  if (text.length > MAX_ITEM) {
    throw new UsageError(`Cannot push an item of ${text.length} characters: wanted at most ${MAX_ITEM}`);
  }
  const item = redact(text).trim();
  if (!item) throw new UsageError('Cannot push an empty item: wanted text after "--item", or "-" and text on stdin');
  const queueContext = await openQueueContext(context, options.repo);
  await checkSource(queueContext, options.source);
  const { tier = null, key = null, minutes = null } = options;
  const files = (options.files ?? []).map((file) => repositoryPath(context.cwd, file));
  if (options.pr !== undefined && queueContext.input.repo === null) {
    context.warn(
      `The repository of pull request #${options.pr} is not known: the item will not leave with it (--repo)`,
    );
  }
  const inferred = await tierOf({ item, files, tier }, queueContext);
  if (tier && inferred.tier !== tier) {
    context.warn(`The tier stays "${inferred.tier}" although "${tier}" was given: the item ${inferred.why}`);
  }
  const { store, repo } = queueContext.input;
  const after = options.after === undefined ? null : await findWait(store, options.after, async () => repo);
  const { id, known } = await queueContext.queue.push(
    {
      source: options.source,
      item,
      session_id: options.shared ? null : queueContext.input.session,
      isolation_tier: inferred.tier,
      tier,
      pr: options.pr ?? null,
      repo,
      files,
      minutes,
      key,
      after: after?.wait_id ?? null,
    },
    queueContext.family,
  );
  if (known)
    context.warn(
      `Nothing was added: item "${id}" has the key "${key}" and is ${known === "done" ? "done" : "in the queue"}`,
    );
  if (context.json) context.printJson({ id });
  else context.print(id);
}

/** A path as given (relative to the root, to the working directory, or absolute), relative to the root of the repository. */
function repositoryPath(cwd: string, file: string): string {
  const root = repositoryRoot(cwd);
  if (root === null || existsSync(join(root, file))) return file;
  const full = resolve(cwd, file);
  return isAbsolute(file) || existsSync(full) ? relative(root, full) : file;
}

async function checkSource({ input }: QueueContext, name: string): Promise<void> {
  if (BUILT_IN_SOURCES.includes(name)) return;
  const { thirdPartySources } = await import("../../../plugins-host/find/third-party.ts");
  const others = await thirdPartySources(
    { home: input.home, env: input.env, cwd: input.cwd },
    { taken: BUILT_IN_SOURCES },
  );
  const names = [...BUILT_IN_SOURCES, ...others.map((source) => source.name)];
  if (!names.includes(name))
    throw new UsageError(
      `Cannot push from source "${name}"${didYouMean(name, names)}: wanted one of ${names.join(", ")}`,
    );
}

/** `wait-queue pop` */
export async function popItem(
  context: Context,
  options: { readonly lease: number; readonly all?: true; readonly discover: boolean; readonly repo?: string },
): Promise<void> {
  if (options.lease <= 0 || options.lease > MAX_LEASE_S) {
    throw new UsageError(`Cannot lease an item for ${options.lease} s: wanted a duration such as 60m, at most 30d`);
  }
  const queueContext = await openQueueContext(context, options.repo);
  const { item, problems, held, others } = await pop(queueContext, {
    leaseMs: options.lease * 1000,
    all: options.all,
    discover: options.discover,
  });
  tellProblems(context, problems, { empty: item === null });
  if (item && context.wordsWanted) return context.printParts(...itemText(item, context));
  if (item) return context.printJson(item);
  const kinds = [
    [held.blocked, "blocked: for people to do"],
    [held.leased, "taken"],
    [held.waiting, "waiting for another wait to end"],
  ] as const;
  const parts = kinds.flatMap(([count, what]) => (count > 0 ? [`${count} ${what}`] : []));
  if (parts.length > 0) context.warn(`Nothing can be handed out now; in the queue: ${parts.join(", ")}`);
  tellOthers(context, others, "are not handed out here (--all takes one)");
  if (context.json) context.printJson(null);
  else context.print("(empty)");
}

/**
 * Warns of broken sources always, of sources that cannot be asked only when nothing was found, and of those that nobody has set up
 * here only when all are asked for.
 */
function tellProblems(
  context: Context,
  problems: readonly SourceProblem[],
  { empty, all = false }: { readonly empty: boolean; readonly all?: boolean },
): void {
  for (const { source, kind, message, absent } of problems) {
    if (kind === "failed") context.warn(`Queue source "${source}" failed: ${message}`);
    else if (empty && (all || !absent)) context.warn(`Queue source "${source}" cannot be asked: ${message}`);
  }
}

/** `wait-queue list` */
export async function list(
  context: Context,
  options: { readonly all?: true; readonly discover?: true; readonly repo?: string },
): Promise<void> {
  const queueContext = await openQueueContext(context, options.repo);
  const { items, others, problems } = await overview(queueContext, options);
  tellProblems(context, problems, { empty: true, all: options.discover === true });
  if (context.json) return context.printJson(items);
  if (items.length === 0) context.print("(empty)");
  const cells = items.map((row): readonly Part[] => {
    const { id, status, source, isolation_tier, item } = row;
    return [
      { text: id ?? "-".padEnd(12), tone: "dim" },
      { text: status.padEnd(9), tone: STATUS_TONE[status] },
      source.padEnd(7),
      isolation_tier.padEnd(14),
      `${oneLine(item, context.columns === null ? 2_000 : 300)}${leaseText(row, context)}`,
    ];
  });
  for (const row of columnsOf(cells)) context.printParts(...flow(row, context.columns, 14));
  tellOthers(context, others, "are not shown (--all shows them)");
}

/** Says on stderr that there is more than what this session sees. */
function tellOthers(context: Context, count: number, what: string): void {
  const said = count === 1 ? what.replace("are", "is").replace("them", "it") : what;
  if (count > 0) context.warn(`${counted(count, "item")} of other sessions ${said}`);
}

/** Whose a leased item is, and until when. */
function leaseText({ lease_until, held_by }: OverviewItem, { clock }: Context): string {
  if (lease_until === null || held_by === null) return "";
  const [until, now] = [parseTimestamp(lease_until), clock.now()];
  return ` (taken by session ${oneLine(held_by, 40)} until ${localTime(until, now)}, ${relativeTime(until, now)})`;
}

const STATUS_TONE: Readonly<Record<string, Tone>> = {
  available: "green",
  offered: "green",
  leased: "cyan",
  blocked: "yellow",
};

/** `wait-queue done` */
export async function finish(context: Context, ids: readonly string[]): Promise<void> {
  const { queue, session } = await openQueue(context);
  for (const id of ids) {
    const change = await queue.done(id, session);
    if (change === "unknown") throw new UsageError(`Cannot mark "${id}" as done: no such item in the queue`);
    if (!context.json) context.print(change === "already" ? `${id} was done already` : `${id} done`);
  }
  if (context.json) context.printJson({ done: ids });
}

/** `wait-queue release` */
export async function releaseItems(
  context: Context,
  ids: readonly string[],
  options: { readonly all?: true },
): Promise<void> {
  const { queue, session, family } = await openQueue(context);
  for (const id of ids) {
    const change = await queue.release(id, session, family, options.all);
    if (change === "unknown") throw new UsageError(`Cannot give "${id}" back: no such item in the queue`);
    if (change === "foreign") {
      throw new DegradedError(`Cannot give "${id}" back: another session holds it`, {
        hint: "--all gives it back anyway",
      });
    }
    if (!context.json) context.print(change === "already" ? `${id} was not taken` : `${id} given back`);
  }
  if (context.json) context.printJson({ released: ids });
}

/** `wait-queue clear` */
export async function clear(context: Context, options: { readonly all?: true }): Promise<void> {
  const { queue, family } = await openQueue(context);
  const ids = await queue.remove((item) => options.all === true || isVisibleTo(item.session_id, family), "cleared");
  if (context.json) return context.printJson({ cleared: ids });
  context.print(`${counted(ids.length, "item")} cleared`);
  const others = [...queue.read().items.values()].filter((item) => !isVisibleTo(item.session_id, family));
  tellOthers(context, others.length, "are left (--all clears them too)");
}
