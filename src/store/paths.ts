import { join } from "node:path";

/** Every file of a state directory (contract, "Files in the state directory"). */
export interface Paths {
  readonly home: string;
  readonly config: string;
  readonly plugins: string;
  readonly notifyConfig: string;
  readonly sessionDefault: string;
  readonly sessionLock: string;
  readonly state: string;
  readonly stateLock: string;
  readonly healLock: string;
  readonly snapshot: string;
  /** What each segment of the log names, so that searches skip it. */
  readonly segments: string;
  readonly spool: string;
  readonly quarantine: string;
  readonly queue: string;
  readonly queueLock: string;
  readonly queueSnapshot: string;
  /** Which pull requests of queued items are final, and up to where in the log that is known. */
  readonly queuePrs: string;
  readonly notify: string;
  readonly notifyLock: string;
  /** How far the log has been read for notices. */
  readonly notifyCursor: string;
  /** There while notices wait for delivery. */
  readonly notifyOpen: string;
  /** Held by the one process that delivers. */
  readonly notifyDeliverLock: string;
  readonly escalations: string;
  readonly escalationsLock: string;
  /** Held by the one process that removes what ended waits left; written when it has. */
  readonly keepLock: string;
  readonly ledger: string;
  readonly ledgerLock: string;
  readonly trust: string;
  readonly inbox: string;
  /** When each session had which ending: for `p9 stats`. */
  readonly wakes: string;
  readonly logs: string;
  /** What waits look at and run, where the log must not say it; one small file a wait. */
  readonly asked: string;
  /** What the last look at each open wait saw; one small file a wait. */
  readonly looks: string;
  /** What belongs to one started command: pid, exit code. */
  readonly runs: string;
  /** Running drivers, one file an environment. */
  readonly drivers: string;
  /** Durations of earlier waits, one file a target. */
  readonly durations: string;
  /** There once the user was told that p9 works without a policy. */
  readonly toldDefaults: string;
  /** Folders of plugins. */
  readonly data: string;
  /** Marks a home of the Python p9 as taken over. */
  readonly imported: string;
}

/** The state directory that the environment names: `BROOMVA_P9_HOME`, else `broomva/p9` below the user's configuration. */
export function homeOf(env: Readonly<Record<string, string | undefined>>): string {
  if (env.BROOMVA_P9_HOME) return env.BROOMVA_P9_HOME;
  const config = env.XDG_CONFIG_HOME || join(env.HOME || "/", ".config");
  return join(config, "broomva", "p9");
}

/** The files of the state directory `home`. */
export function paths(home: string): Paths {
  const at = (name: string) => join(home, name);
  return {
    home,
    config: at("config.yaml"),
    plugins: at("plugins.jsonc"),
    notifyConfig: at("notify.json"),
    sessionDefault: at("session-default.id"),
    sessionLock: at("session.lock"),
    state: at("state.jsonl"),
    stateLock: at("state.lock"),
    healLock: at("heal.lock"),
    snapshot: at("snapshot.json"),
    segments: at("segments"),
    spool: at("spool"),
    quarantine: at("quarantine.jsonl"),
    queue: at("queue.jsonl"),
    queueLock: at("queue.lock"),
    queueSnapshot: at("queue-snapshot.json"),
    queuePrs: at("queue-prs.json"),
    notify: at("notify.jsonl"),
    notifyLock: at("notify.lock"),
    notifyCursor: at("notify-cursor.json"),
    notifyOpen: at("notify.open"),
    notifyDeliverLock: at("notify-deliver.lock"),
    escalations: at("pending-escalations.jsonl"),
    escalationsLock: at("escalations.lock"),
    keepLock: at("keep.lock"),
    ledger: at("ledger.jsonl"),
    ledgerLock: at("ledger.lock"),
    trust: at("trust.json"),
    inbox: at("inbox"),
    wakes: at("wakes.jsonl"),
    logs: at("logs"),
    asked: at("asked"),
    looks: at("looks"),
    runs: at("runs"),
    drivers: at("drivers"),
    durations: at("durations"),
    toldDefaults: at("told-defaults"),
    data: at("data"),
    imported: at("python-p9.imported"),
  };
}
