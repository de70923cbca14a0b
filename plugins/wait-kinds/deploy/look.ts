import type { LookContext, LookResult } from "../../../src/plugin.ts";
import type { TargetLook } from "../../../src/provider.ts";
import { combineStatuses } from "../providers/combine.ts";
import { lookAuto } from "./auto.ts";
import { type Choice, watcherOf } from "./choose.ts";
import { type Identity, readIdentity, toIdentity } from "./identity.ts";

/** A wait without a report for this time says so; it goes on until its deadline. */
const REPORTED_WITHIN_MS = 90_000;

/** Looks once at all that was chosen; several deploys of one commit are one wait. */
export async function look(context: LookContext): Promise<LookResult> {
  const identity = readIdentity(context.pin.identity);
  if (identity.choices === null) return lookUnchosen(identity, context);
  const settled = await Promise.allSettled(identity.choices.map((choice) => lookAt(choice, context)));
  const looks = settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const broken = settled.find((one) => one.status === "rejected");
  // A provider that cannot be asked leaves the whole open, unless another has failed.
  if (broken && !looks.some(({ status }) => status === "failed")) throw broken.reason;
  const choices = identity.choices.map(({ name, values }, index) => {
    const one = settled[index];
    return { name, values: one?.status === "fulfilled" ? one.value.values : values };
  });
  return overdue(withPin(together(looks), { ...identity, choices }, identity, context), context);
}

async function lookUnchosen(identity: Identity, context: LookContext): Promise<LookResult> {
  const { result, taken, note } = await lookAuto(identity.values, context, identity.root);
  const next = { ...identity, choices: taken === null ? null : [taken] };
  const looked = withPin(together([result]), next, identity, context);
  return overdue(note ? { ...looked, note } : looked, context);
}

async function lookAt({ name, values }: Choice, context: LookContext): Promise<TargetLook> {
  const { watcher } = await watcherOf(name, context);
  return watcher.look(values, context);
}

function together(looks: readonly TargetLook[]): LookResult {
  const [first] = looks;
  if (looks.length === 1 && first) {
    const { values: _values, ...result } = first;
    return result;
  }
  const ends = looks.flatMap(({ endedAt }) => endedAt ?? []);
  const starts = looks.flatMap(({ startedAt }) => startedAt ?? []);
  const notes = looks.flatMap(({ note }) => note ?? []);
  return {
    status: combineStatuses(looks.map(({ status }) => status)),
    reason: looks.map(({ reason }) => reason).join("; "),
    items: looks.flatMap(({ items }) => items ?? []),
    unknown: looks.flatMap(({ unknown }) => unknown ?? []),
    evidence: looks.flatMap(({ evidence }) => evidence ?? []),
    settle: {
      looks: Math.max(...looks.map(({ settle }) => settle?.looks ?? 1)),
      notBefore: Math.max(...looks.map(({ settle }) => settle?.notBefore ?? 0)),
    },
    ...(starts.length > 0 ? { startedAt: Math.min(...starts) } : {}),
    ...(ends.length === looks.length ? { endedAt: Math.max(...ends) } : {}),
    ...(notes.length > 0 ? { note: notes.join("; ") } : {}),
  };
}

/** Moves the pin to what became known: an id, a generation, the provider. */
function withPin(result: LookResult, next: Identity, before: Identity, { pin }: LookContext): LookResult {
  const [now, then] = [toIdentity(next), toIdentity(before)];
  return JSON.stringify(now) === JSON.stringify(then) ? result : { ...result, pin: { ...pin, identity: now } };
}

function overdue(result: LookResult, { clock, since, pin }: LookContext): LookResult {
  if (result.status !== "waiting" || clock.now() - since < REPORTED_WITHIN_MS || (result.items ?? []).length > 0)
    return result;
  return {
    ...result,
    note: `no deployment of ${pin.ref} was reported within 90 s; the wait goes on until its deadline`,
  };
}
