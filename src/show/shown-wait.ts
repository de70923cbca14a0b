import { timestamp } from "../base/clock.ts";
import { oneLine } from "../base/text.ts";
import type { LookItem, Progress } from "../contract/wait-kind.ts";
import { type EvidenceLine, readEvidence } from "../core/evidence.ts";
import { pullRequestUrl } from "../core/repo.ts";
import { isRunning, type State } from "../core/states.ts";
import { isPullRequest } from "../core/traits.ts";
import { pinnedPage, type Wait } from "../core/wait.ts";
import { waitName } from "../core/wait-name.ts";
import type { LookRecord } from "../watch/engine/look-file.ts";
import { type Move, moveOf } from "./move.ts";
import type { StatusRow } from "./status-row.ts";

/** One wait for people, as plain data. Texts from outside are on one line each and without control characters. */
export interface ShownWait {
  readonly wait_id: string;
  readonly kind: string;
  /** `PR #42 (o/r)`, `build npm test`. */
  readonly name: string;
  /** What the target says of itself, such as the title of a pull request. */
  readonly title: string | null;
  readonly pr: number | null;
  readonly repo: string | null;
  readonly sha: string | null;
  readonly is_pull_request: boolean;
  readonly session_id: string;
  readonly state: State;
  readonly outcome: string | null;
  /** Whether it still runs. */
  readonly live: boolean;
  /** Time stamp: when this cycle began while it runs, when it ended afterwards. */
  readonly since: string;
  readonly progress: Progress | null;
  /** Time stamp of the expected end, or null. */
  readonly expected_at: string | null;
  /** Time stamp of the last look that got an answer. */
  readonly last_look: string | null;
  /** What the last look, or the end, says in a sentence. */
  readonly reason: string;
  /** Why the last looks failed, or null. */
  readonly error: string | null;
  /** What has still to happen before it ends well, one thing each. */
  readonly missing: readonly string[];
  readonly move: Move;
  /** One command or sentence: what to do next. */
  readonly next: string | null;
  /** Whether the process that watches it runs. */
  readonly alive: boolean;
  readonly url: string | null;
  /** Path of its log, or null. */
  readonly log: string | null;
  /** The directory that it was asked for in, or null. */
  readonly cwd: string | null;
  readonly items: readonly LookItem[];
  readonly evidence: readonly EvidenceLine[];
}

const MOST = 50;

/** The wait of a row as people are shown it. `look`: the last look of its present cycle. */
export function shownWait(wait: Wait, row: StatusRow, look: LookRecord | null): ShownWait {
  const live = isRunning(wait.state);
  const items = (look?.items ?? []).slice(0, MOST).map(cleanItem);
  const missing = missingOf(row, live ? items : []);
  const { extra, repo, pr } = wait;
  return {
    wait_id: wait.wait_id,
    kind: wait.kind,
    name: oneLine(waitName(wait)),
    title: titleOf(wait),
    pr,
    repo,
    sha: wait.sha,
    is_pull_request: isPullRequest(wait),
    session_id: wait.session_id,
    state: wait.state,
    outcome: live ? null : (extra.outcome ?? null),
    live,
    since: live ? wait.cycle_at || wait.registered_at : wait.ts,
    progress: row.progress && { ...row.progress, phase: lineOf(row.progress.phase, 100) ?? null },
    expected_at: live && look?.expected_at != null ? timestamp(look.expected_at) : null,
    last_look: row.last_look,
    reason: oneLine((live ? look?.reason : undefined) || extra.reason || "", 500),
    error: live ? (lineOf(look?.error, 300) ?? null) : null,
    missing,
    ...moveOf(wait, row, missing),
    alive: row.alive,
    url: urlOf(wait, items),
    log: typeof extra.log === "string" ? extra.log : null,
    cwd: typeof extra.cwd === "string" ? extra.cwd : null,
    items,
    evidence: readEvidence(extra.evidence).slice(0, MOST).map(cleanEvidence),
  };
}

/** A title that says no more than the name is none. */
function titleOf(wait: Wait): string | null {
  const title = lineOf(wait.extra.title, 300) ?? null;
  return title !== null && waitName(wait, 400).includes(title) ? null : title;
}

/** What has to happen first: somebody's help, a slot, the target itself, or the parts of it that are not done. */
function missingOf(row: StatusRow, items: readonly LookItem[]): readonly string[] {
  if (!isRunning(row.to_state)) return [];
  if (row.needs !== null) return [oneLine(row.needs, 300)];
  if (row.queued !== null) return [oneLine(row.queued, 300)];
  if (row.to_state === "PUSHED") return [row.last_look ? "waits for it to appear" : "not looked up yet"];
  return items.filter(({ state, required }) => OPEN.has(state) && required !== false).map(({ name }) => name);
}

const OPEN: ReadonlySet<LookItem["state"]> = new Set(["queued", "running", "blocked", "unknown"]);

function cleanItem(item: LookItem): LookItem {
  const { url, detail, ...rest } = item;
  return {
    ...rest,
    name: oneLine(String(item.name), 120),
    ...(isAddress(url) ? { url } : {}),
    ...(detail === undefined ? {} : { detail: oneLine(String(detail), 200) }),
  };
}

function cleanEvidence({ job, step, file, line, text, url }: EvidenceLine): EvidenceLine {
  return {
    job: oneLine(job, 100),
    step: oneLine(step, 100),
    file: oneLine(file, 200),
    line,
    text: oneLine(text, 500),
    url: isAddress(url) ? url : "",
  };
}

/** Where the target can be looked at: the pull request, what its last row names, or a part of it that failed or runs. */
function urlOf({ repo, pr, extra, kind }: Wait, items: readonly LookItem[]): string | null {
  if (repo !== null && pr !== null && isPullRequest({ kind, extra })) return pullRequestUrl(repo, pr);
  const named = [extra.url, ...items.map(({ url }) => url), ...readEvidence(extra.evidence).map(({ url }) => url)];
  return [...named, pinnedPage({ extra })].find(isAddress) ?? null;
}

/** Whether a value is an address that a browser may be given, without anything in it that a terminal would read. */
function isAddress(value: unknown): value is string {
  return typeof value === "string" && /^https?:\/\/[\u0021-\u007e]+$/.test(value);
}

function lineOf(value: unknown, max: number): string | undefined {
  return typeof value === "string" && value !== "" ? oneLine(value, max) : undefined;
}
