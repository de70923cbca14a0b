import { systemClock } from "../../base/clock.ts";
import type { PolicyPlace } from "../../config/load.ts";
import { limitedFetch } from "../../http/fetch.ts";
import type { KnownLogProvider } from "../../log-providers/known.ts";
import type { CheckPage, CiLog, CiRun } from "../../log-providers/log.ts";

/** Reads the log of a check of another CI service than GitHub Actions; null when no provider knows its page. */
export type CiLogReader = (check: CheckPage) => Promise<CiLog | null>;

/** All checks of one look may take so long, in ms: the verdict waits for it. */
const MAX_MS = 120_000;

/**
 * A reader of logs in a directory: with its policy's log providers and the user's own, as far as they are trusted. Nothing is loaded
 * before the first check.
 */
export function ciLogReader(place: PolicyPlace, signal?: AbortSignal): CiLogReader {
  let known: Promise<readonly KnownLogProvider[]> | undefined;
  let until: number | undefined;
  return async (check) => {
    known ??= providersAt(place);
    until ??= systemClock.monotonic() + MAX_MS;
    if (systemClock.monotonic() > until)
      return nothing(`Its log was not read: those of the other checks took ${MAX_MS / 1000} s`);
    const { readCiLog } = await import("../../log-providers/log.ts");
    const fetch: typeof limitedFetch = (url, init) => limitedFetch(url, init, signal);
    return readCiLog(check, await known, { fetch, env: place.env, clock: systemClock });
  };
}

/**
 * The same while a wait goes on: only a log that is there and whole is read, since what is kept of it is not asked for again. `signal`
 * breaks it off.
 */
export function earlyCiLogReader(place: PolicyPlace, signal: AbortSignal): CiLogReader {
  const read = ciLogReader(place, signal);
  return async (check) => {
    if (signal.aborted) return nothing("Its log is read at the verdict");
    const log = await read(check);
    return log === null || (log.note === null && !signal.aborted) ? log : nothing(log.note ?? "It was broken off");
  };
}

/** The pages of runs and jobs of other CI services, as a directory knows them. */
export interface CiPages {
  /** The services, as people call them. */
  readonly titles: readonly string[];
  /** The page of an address; null: no provider knows it. */
  find(address: string): CiPage | null;
  /** What to set for an address that looks like a page of a service, as a sentence; null: it looks like none. */
  hint(address: string): string | null;
}

/** A page of a run or job. */
export interface CiPage {
  /** Why it is not asked, as a sentence; null: it may be asked. */
  readonly problem: string | null;
  /** @throws {ObservationError} saying what is in the way. */
  read(): Promise<CiRun>;
}

/** Loads what tells the pages of other CI services. */
export async function ciPagesAt(place: PolicyPlace): Promise<CiPages> {
  const [known, { findPage, hintAt, readCiRun }] = await Promise.all([
    providersAt(place),
    import("../../log-providers/log.ts"),
  ]);
  const context = { fetch: limitedFetch, env: place.env, clock: systemClock };
  return {
    titles: [...new Set(known.map(({ provider }) => provider.title))],
    find: (address) => {
      const found = findPage(address, known, place.env);
      return found && { problem: found.known.problem, read: () => readCiRun(found, context) };
    },
    hint: (address) => hintAt(address, known, place.env)?.note ?? null,
  };
}

const nothing = (note: string): CiLog => ({ title: "", text: "", note });

async function providersAt(place: PolicyPlace): Promise<readonly KnownLogProvider[]> {
  const [{ knownLogProviders }, { logProviders }, { trustedAt }, { loadPolicy }, { pluginLogProviders }] =
    await Promise.all([
      import("../../log-providers/known.ts"),
      import("../../../plugins/log-providers/registry.ts"),
      import("../../trust/trust.ts"),
      import("../../config/load.ts"),
      import("../../plugins-host/find/resolve.ts"),
    ]);
  const policy = await loadPolicy(place);
  return knownLogProviders(logProviders, {
    config: policy.ci_watch,
    env: place.env,
    trusted: trustedAt(place),
    logProviders: () => pluginLogProviders({ ...place, policy }),
  });
}
