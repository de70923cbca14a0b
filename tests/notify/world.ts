import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type Clock, systemClock, timestamp } from "../../src/base/clock.ts";
import type { Transition } from "../../src/core/events.ts";
import type { DeliverDeps } from "../../src/notify/deliver.ts";
import { type Env, ObservationError } from "../../src/plugin.ts";
import { findNotifier } from "../../src/plugins-host/find/resolve.ts";
import { appendRows, rowsOf } from "../../src/store/jsonl.ts";
import { paths } from "../../src/store/paths.ts";
import { startReceiver } from "../plugins/notifiers/receiver.ts";
import { row } from "../stats/sample.ts";

/** Time that passes only when somebody sleeps, and then at once. */
export function jumpingClock(start = Date.now()): Clock & { readonly slept: number[] } {
  let now = start;
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    monotonic: () => now - start,
    sleep: async (ms, signal) => {
      // A time limit sleeps beside what it limits, and must not win because time costs nothing here.
      if (signal) await systemClock.sleep(3_000, signal);
      if (signal?.aborted) return;
      slept.push(ms);
      now += ms;
    },
  };
}

/** A home with a log, and what delivering needs. */
export function notifyWorld(
  channels: readonly object[] | null,
  env: Env = { PATH: process.env.PATH },
  clock = jumpingClock(),
) {
  const home = mkdtempSync(join(tmpdir(), "p9-notify-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const files = paths(home);
  if (channels) writeFileSync(files.notifyConfig, JSON.stringify({ channels }));
  const refuse = () => Promise.reject(new ObservationError("not used"));
  const deps: DeliverDeps = {
    home,
    env,
    cwd: home,
    clock,
    notifier: (name) => findNotifier(name, { home, env, cwd: home }),
    trusted: () => async () => false,
    github: { graphql: refuse, rest: refuse, repository: refuse } as DeliverDeps["github"],
  };
  return {
    home,
    files,
    deps,
    clock,
    /** Appends the ending of a wait to the log. */
    end: (id: string, more: Partial<Transition> = {}) => {
      const to = more.to_state ?? "GREEN";
      appendRows(files.state, [row(id, clock.now(), "WATCHING", to, { extra: { reason: `reason ${id}` }, ...more })]);
    },
    log: (rows: readonly object[]) => appendRows(files.state, rows),
    stamp: (agoMs = 0) => timestamp(clock.now() - agoMs),
    rows: () => [...rowsOf(files.notify)],
    /** Every delivery that was tried, as `channel: ok` or `channel: error`. */
    tried: () =>
      [...rowsOf(files.notify)].flatMap((entry) =>
        (entry.deliveries as { channel: string; ok: boolean; error?: string }[]).map(
          ({ channel, ok, error }) => `${channel}: ${ok ? "ok" : error}`,
        ),
      ),
  };
}

/** A receiver that is closed with the test. */
export async function receiver(answer?: Parameters<typeof startReceiver>[0]) {
  const started = await startReceiver(answer);
  onTestFinished(started.close);
  return started;
}
