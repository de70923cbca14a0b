import { oneLine } from "../base/text.ts";
import type { LookItem, LookResult } from "../contract/wait-kind.ts";
import { ObservationError } from "../core/observation.ts";
import type { Provider, ProviderStatus } from "./describe/provider.ts";
import { evidenceOf } from "./evidence.ts";
import { type Listed, list, nameOf, newestOf, successorOf } from "./find.ts";
import { judge, progressOf, type Verdict } from "./judge.ts";
import { first, firstText } from "./pointer.ts";
import { type Asker, ask, MISSING } from "./request.ts";
import { fill, missingIn, type Values } from "./template.ts";

/** One look at one target, and the values that are known after it (its id, once it was found). */
export interface TargetLook extends LookResult {
  readonly status: ProviderStatus;
  readonly values: Values;
}

/** Looks once at the target that `values` name, by a provider's description. @throws {ObservationError} */
export async function lookAt(provider: Provider, values: Values, context: Asker): Promise<TargetLook> {
  const entries =
    provider.find && (values.id === undefined || provider.find.whole)
      ? await list(provider, provider.find, values, context)
      : [];
  const entry = provider.find && pick(provider, entries, values);
  if (provider.find && values.id === undefined && !entry) return waiting(provider, values);
  const known: Values = entry ? { ...values, id: entry.id } : values;
  const answer = provider.find?.whole
    ? (entry?.item ?? MISSING)
    : await ask(provider, provider.request, known, context);
  if (answer === MISSING) return gone(provider, known, values.id !== undefined && provider.find !== undefined);
  const document = provider.find?.whole ? answer : rootOf(provider, answer);
  if (document === MISSING) return gone(provider, known, true);
  const all = { ...valuesIn(provider, document), ...known };
  const verdict = judge(provider, document, all);
  const replaced = hasFailed(verdict.status) ? await replacement(provider, known, verdict.status, context) : undefined;
  return replaced ?? (await report(provider, document, verdict, all, known, context));
}

function pick(provider: Provider, entries: readonly Listed[], values: Values): Listed | undefined {
  if (!provider.find) return undefined;
  return values.id === undefined
    ? newestOf(entries, provider.find, values)
    : entries.find(({ id }) => id === values.id);
}

/** What helps where a target never appeared. */
const NOT_THERE = "Check that it was started, and that it is named rightly, then watch it again";

function waiting(provider: Provider, values: Values): TargetLook {
  const what = values.sha ? `commit ${values.sha.slice(0, 7)}` : "this target";
  const where = values.environment ? ` in "${oneLine(values.environment, 60)}"` : "";
  return {
    status: "waiting",
    reason: `${provider.title} has reported nothing for ${what}${where} yet`,
    next: NOT_THERE,
    values,
  };
}

function gone(provider: Provider, values: Values, seen: boolean): TargetLook {
  const status = provider.missing ?? (seen ? "unknown" : "waiting");
  const label = labelOf(provider, values);
  return {
    status,
    reason: seen
      ? `${provider.title} no longer knows ${label}`
      : `${provider.title} does not know ${label}${status === "waiting" ? " yet" : ""}`,
    ...(status === "waiting" ? { next: NOT_THERE } : {}),
    values,
  };
}

function rootOf(provider: Provider, answer: unknown): unknown {
  const document = provider.root === undefined ? answer : first(answer, provider.root);
  if (document === null) return MISSING;
  if (document === undefined)
    throw new ObservationError(`Cannot read the answer of ${provider.title}: there is no "${provider.root}" in it`);
  return document;
}

function valuesIn(provider: Provider, document: unknown): Values {
  return Object.fromEntries(
    Object.entries(provider.values ?? {}).map(([name, pointer]) => [name, firstText(document, pointer)]),
  );
}

const hasFailed = (status: ProviderStatus) => status === "failed" || status === "cancelled" || status === "superseded";

/** What replaced the target: a second try of the same commit is followed, another commit's ends the wait. */
async function replacement(
  provider: Provider,
  values: Values,
  status: ProviderStatus,
  context: Asker,
): Promise<TargetLook | undefined> {
  const { find } = provider;
  if (!find || !values.sha || !values.id) return undefined;
  const entries = await list(provider, find, { ...values, id: undefined }, context);
  const newest = newestOf(entries, find, values);
  if (newest && newest.id !== values.id) {
    const note = `${provider.title} tries commit ${values.sha.slice(0, 7)} again: following ${oneLine(newest.id, 60)}`;
    return { status: "running", reason: note, note, values: { ...values, id: newest.id } };
  }
  if (status === "failed") return undefined;
  const others = find.others ? await list(provider, { ...find, request: find.others }, values, context) : entries;
  const successor = successorOf(others, values.id, find, values);
  if (!successor) return undefined;
  const reason = `${provider.title} gave up ${labelOf(provider, values)} for ${nameOf(successor)}, which is newer`;
  return { status: "superseded", reason, values };
}

async function report(
  provider: Provider,
  document: unknown,
  verdict: Verdict,
  all: Values,
  known: Values,
  context: Asker,
): Promise<TargetLook> {
  const { status, raw, why, url } = verdict;
  const label = labelOf(provider, all);
  const spelled = raw && raw !== status ? ` (${oneLine(raw, 60)})` : "";
  const reason = `${provider.title} ${label}: ${status}${spelled}${why ? `: ${why}` : ""}`;
  const progress =
    status === "running"
      ? await progressNow(provider, document, all, context)
      : progressOf(provider.progress, document, all);
  return {
    status,
    reason,
    values: known,
    unknown: verdict.unknown,
    progress,
    items: [itemOf(provider, verdict, label)],
    ...(status === "failed" ? { evidence: await evidenceOf(provider, document, all, context, url) } : {}),
    ...(verdict.startedAt === undefined ? {} : { startedAt: verdict.startedAt }),
    ...(verdict.endedAt === undefined ? {} : { endedAt: verdict.endedAt }),
    settle: status === "succeeded" ? (provider.settle ?? { looks: 1 }) : { looks: 1 },
  };
}

/** Progress, from a request of its own if there is one. Best effort. */
async function progressNow(provider: Provider, document: unknown, values: Values, context: Asker) {
  const request = provider.progress?.request;
  if (!request || "run" in request || missingIn(request.path, values).length > 0)
    return progressOf(provider.progress, document, values);
  try {
    return progressOf(provider.progress, await ask(provider, request, values, context), values);
  } catch {
    return null;
  }
}

function itemOf(provider: Provider, verdict: Verdict, label: string): LookItem {
  const states: Record<ProviderStatus, LookItem["state"]> = {
    waiting: "queued",
    running: "running",
    succeeded: "succeeded",
    failed: "failed",
    cancelled: "cancelled",
    blocked: "blocked",
    superseded: "skipped",
    skipped: "skipped",
    unknown: "unknown",
  };
  return {
    name: oneLine(`${provider.title} ${label}`, 120),
    state: states[verdict.status],
    ...(verdict.url ? { url: oneLine(verdict.url, 300) } : {}),
    ...(verdict.why ? { detail: verdict.why } : {}),
    ...(verdict.startedAt === undefined ? {} : { startedAt: verdict.startedAt }),
    ...(verdict.endedAt === undefined ? {} : { endedAt: verdict.endedAt }),
  };
}

/** The name of a target. */
function labelOf(provider: Provider, values: Values): string {
  const { label } = provider;
  if (label && missingIn(label, values).length === 0) return oneLine(fill(label, values), 100);
  return oneLine(values.id ?? values.sha?.slice(0, 7) ?? values.ref ?? provider.name, 100);
}
