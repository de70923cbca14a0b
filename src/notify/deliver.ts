import { privateHostsIn } from "../base/address.ts";
import type { Clock } from "../base/clock.ts";
import { redact, secretValues } from "../base/redact.ts";
import { oneLine } from "../base/text.ts";
import { withTimeLimit } from "../base/time-limit.ts";
import type { Env, PluginContext } from "../contract/context.ts";
import { UnavailableError } from "../contract/errors.ts";
import type { DeliverContext, Notice, Notifier } from "../contract/notifier.ts";
import type { Options } from "../contract/options.ts";
import { errorText } from "../core/errors.ts";
import { ObservationError } from "../core/observation.ts";
import type { GitHub } from "../github/client.ts";
import { makePluginContext } from "../plugins-host/context.ts";
import type { Exec } from "../process/exec.ts";
import type { Channel } from "./channels.ts";
import type { DeliveryAttempt } from "./journal.ts";

/** What a delivery needs of the world. */
export interface DeliverDeps {
  readonly home: string;
  readonly env: Env;
  readonly cwd: string;
  readonly clock: Clock;
  readonly exec?: Exec;
  /** The notifier of that name, or null. */
  readonly notifier: (name: string) => Promise<Notifier | null>;
  /** Whether what the repository of a directory names may be used. */
  readonly trusted: (cwd: string) => PluginContext["trusted"];
  readonly github: GitHub;
}

const DEFAULT_TIMEOUT_S = 10;

/** What came of one attempt. */
export interface Attempt {
  readonly delivery: DeliveryAttempt;
  /** Seconds that the receiver asked to wait. */
  readonly retryAfterS: number;
}

/** Tries once to deliver a notice through a channel. Never rejects: whatever happens is the delivery's result. */
export async function deliverOnce(
  channel: Channel,
  notice: Notice,
  attempt: number,
  deps: DeliverDeps,
): Promise<Attempt> {
  const start = deps.clock.monotonic();
  const trusted = deps.trusted(channel.cwd ?? deps.cwd);
  const done = (rest: Pick<DeliveryAttempt, "ok" | "error" | "final" | "absent">, retryAfterS = 0): Attempt => ({
    delivery: { channel: channel.name, ...rest, attempt, ms: Math.round(deps.clock.monotonic() - start) },
    retryAfterS,
  });
  try {
    if (channel.trust && !(await trusted(channel.trust.subject, channel.trust.content, channel.trust.command))) {
      return done({ ok: false, error: "Not trusted: the repository names it; see p9 trust", final: true });
    }
    const notifier = await deps.notifier(channel.type);
    if (!notifier)
      return done({ ok: false, error: `Unknown channel type "${oneLine(channel.type, 60)}"`, final: true });
    await withinTime(notifier, channel, notice, deps);
    return done({ ok: true });
  } catch (error) {
    const retry = error instanceof ObservationError && !error.lasting;
    const known = [...secretValues(deps.env), ...secretsOf(channel.options)];
    const text = oneLine(redact(errorText(error), known), 300);
    const absent = error instanceof UnavailableError && error.absent;
    const rest = { ...(retry ? {} : { final: true }), ...(absent ? { absent } : {}) };
    return done({ ok: false, error: text, ...rest }, retry ? error.retryAfterS : 0);
  }
}

/** Calls a notifier within its time limit, also one that ignores its signal. */
async function withinTime(notifier: Notifier, channel: Channel, notice: Notice, deps: DeliverDeps): Promise<void> {
  const limitS = channel.timeoutS ?? notifier.timeoutS ?? DEFAULT_TIMEOUT_S;
  const stop = new AbortController();
  const context = deliverContext(notifier, channel, deps, stop.signal);
  const late = () => new ObservationError(`No answer within ${limitS} s`);
  await withTimeLimit(notifier.deliver(notice, context), { ms: limitS * 1000, late, stop, clock: deps.clock });
}

/** What a notifier gets for a channel. */
function deliverContext(notifier: Notifier, channel: Channel, deps: DeliverDeps, signal: AbortSignal): DeliverContext {
  const made = {
    ...makePluginContext({
      plugin: notifier.name,
      home: deps.home,
      env: deps.env,
      cwd: channel.cwd ?? deps.cwd,
      github: deps.github,
      clock: deps.clock,
      exec: deps.exec,
      trusted: deps.trusted(channel.cwd ?? deps.cwd),
      signal,
    }),
    options: optionsFor(notifier, channel.options),
  };
  return channel.trust === null ? made : onItsTerms(made);
}

/** Why a channel cannot deliver here, as its notifier says, or null. Sends nothing. */
export async function missingFor(notifier: Notifier, channel: Channel, deps: DeliverDeps): Promise<string | null> {
  const stop = new AbortController();
  const late = () => new ObservationError("No answer to whether it can deliver");
  try {
    const asked = notifier.missing?.(deliverContext(notifier, channel, deps, stop.signal)) ?? Promise.resolve(null);
    return await withTimeLimit(asked, { ms: DEFAULT_TIMEOUT_S * 1000, late, stop, clock: deps.clock });
  } catch (error) {
    return errorText(error);
  }
}

/**
 * The context for a channel that a repository names: of this machine and its network it reaches what the channel's options name, or a
 * variable of the user's that they name holds.
 */
function onItsTerms(context: DeliverContext): DeliverContext {
  const named = Object.values(context.options).flatMap((value) => {
    const variable = /^env:(\w+)$/.exec(String(value))?.[1];
    return [value, variable === undefined ? null : { url: context.env[variable] ?? "" }];
  });
  const privateHosts = privateHostsIn([context.options, named]);
  return { ...context, fetch: (url, init) => context.fetch(url, { ...init, privateHosts }) };
}

/** The options that the notifier declares, with its defaults. @throws {TypeError} naming what is missing or unknown. */
function optionsFor(notifier: Notifier, given: Options): Options {
  const specs = notifier.options ?? {};
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(specs, name)) {
      throw new TypeError(
        `The channel "${notifier.name}" has no option "${name}": it has ${Object.keys(specs).join(", ") || "none"}`,
      );
    }
  }
  const options: Record<string, Options[string]> = {};
  for (const [name, spec] of Object.entries(specs)) {
    const value = given[name] ?? spec.default;
    if (value === undefined && spec.required) throw new TypeError(`The channel "${notifier.name}" needs "${name}"`);
    if (value !== undefined) options[name] = value;
  }
  return options;
}

/** Secrets of a channel: its tokens, and the paths of its addresses, since an incoming webhook's path is its password. */
function secretsOf(options: Options): string[] {
  return Object.entries(options).flatMap(([name, value]) => {
    if (typeof value !== "string") return [];
    if (/token|secret|password|key/.test(name)) return [value];
    return URL.canParse(value) && new URL(value).pathname.length > 6 ? [new URL(value).pathname] : [];
  });
}
