import { isObject } from "../base/json.ts";
import type { LeaseEvent, P9Event, PinnedEvent, Transition } from "../core/events.ts";
import { formerKey, sameRepo } from "../core/repo.ts";
import type { SessionLinks } from "../core/session.ts";
import { isFinal, isRunning } from "../core/states.ts";
import { isPullRequest } from "../core/traits.ts";
import { inherited, needsWatcher, ownerOf, type Wait } from "../core/wait.ts";
import type { BadLine } from "./follow/unreadable.ts";

/** So many ended waits are held: a home that has seen more would cost every command. */
const MAX_ENDED = 100;
const MAX_LINKS = 2_000;
const MAX_BAD = 1_000;

/** The state of all waits at one moment, folded from the log. */
export class View {
  readonly #waits: Map<string, Wait>;
  readonly #links: Map<string, string[]>;
  readonly #bad: BadLine[];

  constructor(waits: Iterable<Wait> = [], links: Iterable<[string, string[]]> = [], bad: Iterable<BadLine> = []) {
    this.#waits = new Map([...waits].map((wait) => [wait.wait_id, wait]));
    this.#links = new Map(links);
    this.#bad = [...bad];
  }

  /** Every wait that is not forgotten: open ones, and the newest ended ones of the last fortnight that are not final. */
  get waits(): ReadonlyMap<string, Wait> {
    return this.#waits;
  }

  get links(): SessionLinks {
    return this.#links;
  }

  /** Lines that are no events; of very many, the last. */
  get bad(): readonly BadLine[] {
    return this.#bad;
  }

  /** The wait of that kind and key that is not final, newest first. */
  findOpen(kind: string, key: string): Wait | null {
    return this.#newest((wait) => wait.kind === kind && hasKey(wait, key) && !isFinal(wait.state));
  }

  /**
   * The newest wait that is one of a pull request, and no other that is about it; also by an earlier name of its repository. Without a
   * repository: of that number in any.
   */
  byPr(repo: string | null, pr: number): Wait | null {
    const found = this.#newest(
      (wait) => isPullRequest(wait) && wait.pr === pr && (repo === null || sameRepo(wait.repo, repo)),
    );
    // Another repository may have the name now, and its own pull request of that number comes first.
    return found ?? (repo === null ? null : this.#newest((wait) => hasKey(wait, formerKey(repo, pr))));
  }

  #newest(matches: (wait: Wait) => boolean): Wait | null {
    let found: Wait | null = null;
    for (const wait of this.#waits.values()) if (matches(wait)) found = wait;
    return found;
  }

  /** Folds one event. Ignores events of unknown waits. */
  apply(event: P9Event): void {
    if (event.type === "transition") {
      this.#transition(event);
    } else if (event.type === "session.link") {
      const older = this.#links.get(event.session_id) ?? [];
      if (!older.includes(event.linked_to)) this.#links.set(event.session_id, [...older, event.linked_to]);
    } else {
      const wait = "wait_id" in event && event.wait_id ? this.#waits.get(event.wait_id) : undefined;
      const next = wait && after(wait, event);
      if (next) this.#waits.set(next.wait_id, next);
    }
  }

  /** Takes back a wait that was removed by {@link View.prune}. */
  recall(wait: Wait): void {
    this.#waits.set(wait.wait_id, wait);
  }

  /** Remembers a line that is no event. */
  addBad(line: BadLine): void {
    this.#bad.push(line);
  }

  /**
   * Removes waits that no command shows: final ones, ended ones older than `horizon` (a time stamp), and the oldest of too many ended
   * ones. One that is still looked at stays.
   */
  prune(horizon: string): void {
    const ended: Wait[] = [];
    for (const wait of this.#waits.values()) {
      const old = !isRunning(wait.state) && wait.ts < horizon;
      if (isFinal(wait.state) || old) this.#waits.delete(wait.wait_id);
      else if (!isRunning(wait.state) && !needsWatcher(wait)) ended.push(wait);
    }
    ended.sort((a, b) => (a.ts < b.ts ? -1 : Number(a.ts > b.ts)));
    for (const wait of ended.slice(0, -MAX_ENDED)) this.#waits.delete(wait.wait_id);
    for (const session of [...this.#links.keys()].slice(0, -MAX_LINKS)) this.#links.delete(session);
    this.#bad.splice(0, this.#bad.length - MAX_BAD);
  }

  #transition(row: Transition): void {
    const before = this.#waits.get(row.wait_id);
    // Insert again, because a map keeps the old place and a new cycle counts as newest.
    if (row.to_state === "WATCHING") this.#waits.delete(row.wait_id);
    this.#waits.set(row.wait_id, moved(before, row));
  }
}

/** Whether a wait's target goes by that key, or by that alias. */
function hasKey(wait: Wait, key: string): boolean {
  const { pin } = wait.extra;
  const aliases = isObject(pin) && Array.isArray(pin.aliases) ? pin.aliases : [];
  return wait.extra.key === key || aliases.includes(key);
}

function moved(before: Wait | undefined, row: Transition): Wait {
  const extra = { ...(before ? inherited(before.extra) : {}), ...row.extra };
  return {
    wait_id: row.wait_id,
    kind: row.kind,
    ref: row.ref,
    pr: row.pr,
    repo: row.repo,
    sha: row.sha,
    state: row.to_state,
    attempt: row.attempt,
    evaluator_score: row.evaluator_score,
    session_id: row.session_id,
    subscribers: before?.subscribers ?? [],
    owner: row.extra.pid === undefined && before ? { ...before.owner, watcher_id: row.watcher_id } : ownerOf(row),
    registered_at: before?.registered_at ?? row.ts,
    cycle_at: row.to_state === "WATCHING" ? row.ts : (before?.cycle_at ?? ""),
    ts: row.ts,
    extra,
    needs: row.to_state === before?.state ? before.needs : null,
    unknown_values: before?.unknown_values ?? [],
    last: row,
  };
}

function after(wait: Wait, event: Exclude<P9Event, Transition>): Wait | null {
  switch (event.type) {
    case "wait.lease":
      return { ...wait, owner: ownerOf(event), extra: { ...wait.extra, ...leaseExtra(event) } };
    case "wait.subscribed":
      if (event.session_id === wait.session_id || wait.subscribers.includes(event.session_id)) return null;
      return { ...wait, subscribers: [...wait.subscribers, event.session_id] };
    case "wait.pinned":
      return pinned(wait, event);
    case "wait.needs":
      return { ...wait, needs: event.needs };
    case "wait.dismissed":
      return { ...wait, extra: { ...wait.extra, dismissed: true } };
    case "wait.stuck":
      return { ...wait, extra: { ...wait.extra, stuck_since: event.since ?? event.ts } };
    case "wait.unknown_value":
      return { ...wait, unknown_values: [...wait.unknown_values, event.value] };
    default:
      return null;
  }
}

function leaseExtra(lease: LeaseEvent): Wait["extra"] {
  return {
    pid: lease.pid,
    pid_start: lease.pid_start,
    boot_id: lease.boot_id,
    generation: lease.generation,
    released: lease.pid === 0,
    ...(lease.env_id === undefined ? {} : { env_id: lease.env_id }),
    ...(lease.active_used === undefined ? {} : { active_used: lease.active_used }),
    ...(lease.slow === undefined ? {} : { slow: lease.slow }),
  };
}

function pinned(wait: Wait, event: PinnedEvent): Wait {
  const { ref, pr, repo, sha } = event;
  const extra = {
    ...wait.extra,
    key: event.key,
    pin: event.pin,
    prev_shas: event.prev_shas,
    unbound: event.unbound ?? false,
    ...(event.target_pid === undefined ? {} : { target_pid: event.target_pid, target_start: event.target_start }),
    ...(event.log === undefined ? {} : { log: event.log }),
  };
  return { ...wait, ref, pr, repo, sha, extra };
}
