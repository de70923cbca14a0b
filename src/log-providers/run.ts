import { oneLine } from "../base/text.ts";
import type { LookResult } from "../contract/wait-kind.ts";
import { ObservationError } from "../core/observation.ts";
import type { ProviderStatus } from "../providers/describe/provider.ts";
import { holds, judge, progressOf } from "../providers/judge.ts";
import { first } from "../providers/pointer.ts";
import { fill, missingIn, type Values } from "../providers/template.ts";
import { itemsOf, nextKey, valuesIn } from "./collect.ts";
import type { LogProvider, LogTarget } from "./describe/log-provider.ts";
import type { Page } from "./page.ts";
import { ABSENT, askDocument, askFurther, type LogAsker, notShown, type Server } from "./send.ts";

/** A run or job as its service shows it. */
export interface Run {
  readonly server: Server;
  readonly target: LogTarget;
  /** What it is called: `octo/app job 42`. */
  readonly label: string;
  readonly values: Values;
  /** Values that were searched for, because its page does not hold them. */
  readonly found: Values;
  /** Its document; null  when the service shows none yet. */
  readonly document: unknown;
}

/** Asks for the run of a page. @throws {ObservationError} */
export async function askRun(provider: LogProvider, page: Page, context: LogAsker): Promise<Run> {
  const server = { provider, base: page.base, context };
  const { target } = page;
  const found = await foundValues(server, target, page.values);
  const given = { ...page.values, ...found };

  const answer = await orNotShown(server, askDocument(server, target.request, given), nameOf(target, given));
  const document = answer === ABSENT ? null : first(answer.document, target.root ?? "");
  if (document === undefined)
    throw new ObservationError(`Cannot read the answer of ${provider.title}: there is no "${target.root}" in it`);
  if (document === null && target.missing === undefined)
    throw notShown(server, `does not show ${nameOf(target, given)}`);
  const values = { ...valuesIn(document, target.values), ...given };
  return { server, target, label: nameOf(target, values), values, found, document };
}

/** Values that a page does not hold, found in a list of the service. */
async function foundValues(server: Server, { find, request }: LogTarget, values: Values): Promise<Values> {
  if (!find || missingInPath(request.path, values).length === 0) return {};
  const seen = new Set<string>();
  let answer = await askDocument(server, find.request, values);
  while (answer !== ABSENT) {
    const item = itemsOf(answer.document, find.items).find((one) =>
      find.where.every((condition) => holds(condition, one, values)),
    );
    if (item !== undefined) return valuesIn(item, find.values);
    const key = find.next && nextKey(find.next, answer);
    if (!find.next || !key || seen.has(key) || seen.size >= 10) break;
    seen.add(key);
    answer = find.next.query
      ? await askDocument(server, find.request, values, { [find.next.query]: key })
      : await askFurther(server, key, find.request.format);
  }
  const names = missingInPath(request.path, values);
  const params = names.flatMap((name) => server.provider.params?.[name]?.env ?? []);
  const how = params.length > 0 ? `: set "${params.join('", "')}"` : "";
  throw new ObservationError(
    `${server.provider.title} does not say which "${names.join('", "')}" this run is of${how}`,
    {
      ...(params.length > 0 ? { needs: `the variable "${params[0]}"` } : {}),
    },
  );
}

const missingInPath = (path: string, values: Values) => missingIn(path.replaceAll("{+", "{"), values);

/** A value that leads elsewhere on the server is no run. */
async function orNotShown<T>(server: Server, asked: Promise<T>, name: string): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ObservationError(`${server.provider.title} has no ${name}: ${error.message}`, { lasting: true });
  }
}

function nameOf({ label }: LogTarget, values: Values): string {
  return missingIn(label, values).length === 0 ? oneLine(fill(label, values), 100) : "this run";
}

/** What a run's document says about it. */
export interface RunLook extends LookResult {
  readonly status: ProviderStatus;
}

/** Judges a run by its document. `url`: its page. @throws {ObservationError} when the document does not tell a state. */
export function judgeRun({ server, target, label, values, document }: Run, url: string): RunLook {
  const { title } = server.provider;
  if (document === null) {
    const status = target.missing ?? "waiting";
    return { status, reason: `${title} shows no end of ${label} yet`, items: [itemOf(label, status, url)] };
  }
  const verdict = judge({ ...target, title }, document, values);
  const { status, raw, why } = verdict;
  // Of a state in several parts, those that are words.
  const word = raw.replace(/\b(?:true|false|null|none)\b/g, "").replace(/^:+|:+$/g, "");
  const spelled = word && word !== status ? ` (${oneLine(word, 60)})` : "";
  const times = {
    ...(verdict.startedAt === undefined ? {} : { startedAt: verdict.startedAt }),
    ...(verdict.endedAt === undefined ? {} : { endedAt: verdict.endedAt }),
  };
  return {
    status,
    reason: `${title} ${label}: ${status}${spelled}${why ? `: ${why}` : ""}`,
    unknown: verdict.unknown,
    progress: progressOf(target.progress, document, values),
    items: [{ ...itemOf(label, status, url), ...(why ? { detail: why } : {}), ...times }],
    ...times,
  };
}

const ITEM_STATES = {
  waiting: "queued",
  running: "running",
  succeeded: "succeeded",
  failed: "failed",
  cancelled: "cancelled",
  blocked: "blocked",
  superseded: "skipped",
  skipped: "skipped",
  unknown: "unknown",
} as const satisfies Record<ProviderStatus, string>;

function itemOf(label: string, status: ProviderStatus, url: string) {
  return { name: label, state: ITEM_STATES[status], url: oneLine(url, 300) };
}
