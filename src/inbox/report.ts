import { formatDuration } from "../base/duration.ts";
import { isObject } from "../base/json.ts";
import { redact } from "../base/redact.ts";
import { shellQuote } from "../base/shell-quote.ts";
import { oneLine, stripControls } from "../base/text.ts";
import { pullRequestUrl } from "../core/repo.ts";
import { exitOf, isRunning, OUTCOMES, type Outcome, type State } from "../core/states.ts";
import { isPullRequest, traitsOf } from "../core/traits.ts";
import { pinnedPage, type Wait } from "../core/wait.ts";
import { shortWaitName } from "../core/wait-name.ts";
import { fileEnd } from "../store/follow/file-end.ts";

/** The report of a watch's end, for programs (one JSON line) and agents; names are fixed by the contract. */
export interface TerminationReport {
  readonly report: "p9-termination";
  readonly kind: string;
  readonly ts: string;
  readonly wait_id: string;
  readonly ref: string;
  readonly pr: number | null;
  readonly repo: string | null;
  readonly sha: string | null;
  readonly state: State;
  readonly outcome: string | null;
  readonly cause: string | null;
  readonly reason: string;
  readonly session_id: string;
  readonly watcher_id: string;
  readonly attempt: number;
  readonly log: string | null;
  readonly log_tail: readonly string[];
  readonly evidence: unknown;
  readonly classification: unknown;
  readonly next_action: string;
  /** The page of what was waited for: the pull request, what was deployed. Null: nobody named one. */
  readonly url: string | null;
}

const TAIL_LINES = 20;
const TAIL_BYTES = 16 * 1024;

/** The report of a wait's last row. */
export function terminationReport(wait: Wait): TerminationReport {
  const { extra } = wait;
  const log = typeof extra.log === "string" ? extra.log : null;
  const tail = log !== null && wait.state !== "GREEN" ? logTail(log) : [];
  const next = nextAction(wait);
  return {
    report: "p9-termination",
    kind: wait.kind,
    ts: wait.ts,
    wait_id: wait.wait_id,
    ref: wait.ref,
    pr: wait.pr,
    repo: wait.repo,
    sha: wait.sha,
    state: wait.state,
    outcome: extra.outcome ?? null,
    cause: extra.cause ?? null,
    reason: extra.reason ?? "",
    session_id: wait.session_id,
    watcher_id: wait.last.watcher_id,
    attempt: wait.attempt,
    log,
    log_tail: tail,
    evidence: extra.evidence ?? [],
    classification: withoutEvidence(extra.classification),
    next_action: next === READ_LOG && tail.length === 0 ? NO_LOG : next,
    url: pageOf(wait),
  };
}

/** A classification without the lines that it rests on: {@link TerminationReport.evidence} holds them. */
function withoutEvidence(classification: unknown): unknown {
  if (!isObject(classification)) return classification ?? null;
  const { evidence: _, ...rest } = classification;
  return rest;
}

/** The page of a wait: that of its pull request, else of the only thing that its last look saw. */
function pageOf(wait: Wait): string | null {
  const { extra, repo, pr } = wait;
  if (isPullRequest(wait)) return repo && pr !== null ? pullRequestUrl(repo, pr) : null;
  const items: readonly unknown[] = Array.isArray(extra.items) ? extra.items : [];
  const [only, more] = items.flatMap((item) => (isObject(item) && typeof item.url === "string" ? [item.url] : []));
  const pages = [pr === null ? undefined : pinnedPage(wait), more === undefined ? only : undefined];
  const page = pages.find((one) => typeof one === "string" && /^https?:\/\//.test(one));
  return typeof page === "string" ? oneLine(page, 300) : null;
}

/** How each outcome is told to people, after the name of the wait. */
const ENDED: Readonly<Record<Outcome, string>> = {
  succeeded: "succeeded",
  failed: "failed",
  cancelled: "was cancelled",
  blocked: "is blocked",
  missing_required: "misses a required check",
  no_checks: "has no checks",
  no_runner: "has no runner",
  ejected: "left the merge queue",
  not_started: "did not start",
  timed_out: "timed out",
  merged: "was merged",
  closed: "was closed",
  superseded: "has another watcher",
  abandoned: "was abandoned",
  skipped: "was skipped",
  no_pr: "has no pull request",
  killed: "was stopped",
  unknown: "ended with an unknown result",
};

/** The line for people that follows a wait's report: `p9: ✗ build make failed after 8s: exited with 2`. */
export function reportLine(wait: Wait, report: TerminationReport): string {
  const next = nextForPeople(report);
  const said = reasonBehindName(wait.ref, report.reason);
  const reason = said && said !== wordsOf(wait, report) ? `: ${oneLine(said, 300)}` : "";
  // A pull request is named by its number already, and an address by itself.
  const isNamed = isPullRequest(wait) || report.url?.includes(wait.ref) || report.url?.endsWith(`/pull/${wait.pr}`);
  const page = report.url === null || isNamed ? "" : ` (${report.url})`;
  return `p9: ${markOf(wait, report)}${shortWaitName(wait)} ${endedText(wait, report)}${reason}${page}${next ? `; next: ${next}` : ""}`;
}

/** A reason for a line that begins with the wait's name: without the reference, which the name holds. */
export function reasonBehindName(ref: string, reason: string): string {
  return reason.startsWith(`${ref} `) ? reason.slice(ref.length + 1) : reason;
}

/** The next step that a person still has to take and that the reason does not say already, or null. */
export function nextForPeople({ next_action }: Pick<TerminationReport, "next_action">): string | null {
  // People are shown the end of the log.
  if (next_action === READ_LOG) return "Repair what the log shows";
  const isSaid = next_action.startsWith("Nothing") || [LIFT, CONTINUE].includes(next_action);
  return isSaid ? null : next_action;
}

function markOf(wait: Wait, { state }: TerminationReport): string {
  // That a pull request was merged is no success of another wait that ends with it.
  if (state === "ABANDONED" || (state === "MERGED" && !isPullRequest(wait))) return "";
  if (lostItsMark(wait)) return "✗ ";
  return state === "GREEN" || state === "MERGE_READY" || state === "MERGED" ? "✓ " : "✗ ";
}

/** Whether a wait stands where it does because its mark MERGE_READY was taken back. */
function lostItsMark({ state, last }: Pick<Wait, "state" | "last">): boolean {
  return state === "GREEN" && last.from_state === "MERGE_READY";
}

function wordsOf(wait: Wait, { state, outcome }: TerminationReport): string {
  if (lostItsMark(wait)) return "is not ready to merge";
  // The reason says what became of the pull request.
  if ((outcome === "merged" || outcome === "closed") && !isPullRequest(wait)) return "ended";
  return outcome !== null && isKnown(outcome) ? ENDED[outcome] : `is ${state}`;
}

function endedText(wait: Wait, report: TerminationReport): string {
  const { extra } = wait;
  const { state } = report;
  if (state === "MERGE_READY") return "is ready to merge";
  const words = wordsOf(wait, report);
  const took =
    extra.active_used && !lostItsMark(wait)
      ? ` ${state === "GREEN" ? "in" : "after"} ${formatDuration(extra.active_used)}`
      : "";
  const isVerdict = state !== "MERGED" && state !== "ABANDONED";
  const commit = isVerdict && wait.sha && isPullRequest(wait) ? ` at ${wait.sha.slice(0, 7)}` : "";
  return `${words}${took}${commit}${state === "ESCALATED" ? " and was escalated" : ""}`;
}

/** The next action after a success that nothing is to be done about. */
const CONTINUE = "Continue with the work that waited for it";

/** The next action where the report holds the end of a log. */
const READ_LOG = "Read the end of the log in this report and repair it, or tell the user";

/** The same where there is no log, or an empty one. */
const NO_LOG = "Repair what the reason says, or tell the user";

/** The next action where the reason names who must act. The reason itself holds names from outside, and no action does. */
const LIFT = "Tell the user who can lift it: the reason says who and how";

/** What {@link nextAction} reads of a wait. */
export type Reported = Pick<Wait, "kind" | "wait_id" | "pr" | "repo" | "state" | "extra">;

/** The next step for whoever waited, as one command or sentence (contract, wake-up protocol). */
export function nextAction(wait: Reported): string {
  const pr = wait.pr === null ? null : `${wait.pr}${wait.repo ? ` --repo ${wait.repo}` : ""}`;
  const { next } = traitsOf(wait);
  const told = toldNext(wait);
  switch (wait.state) {
    case "GREEN":
      return told ?? next?.succeeded ?? (pr ? `p9 merge-ready ${pr}` : CONTINUE);
    case "MERGE_READY":
      return pr ? `gh pr merge ${pr}, if you may` : "Merge it, if you may";
    case "RED_CLASSIFIED":
      return (
        told ??
        next?.failed ??
        (pr ? `p9 heal ${pr} --classify, then --apply if it is healable` : "Repair what the log shows and run it again")
      );
    case "RED_UNCLASSIFIED":
    case "ESCALATED":
      return redAction(wait);
    case "MERGED":
      return "Nothing: it is merged";
    case "ABANDONED":
      return abandonedAction(wait);
    default:
      return isRunning(wait.state) ? `p9 attach ${wait.wait_id}` : "p9 status";
  }
}

/** What the look that ended the wait says is to be done next, or null. */
function toldNext({ extra }: Reported): string | null {
  return typeof extra.next === "string" && extra.next !== "" ? oneLine(extra.next, 300) : null;
}

function redAction(wait: Reported): string {
  switch (wait.extra.outcome) {
    case "blocked":
      return toldNext(wait) ?? LIFT;
    case "missing_required":
    case "no_checks":
    case "no_runner":
    case "ejected":
    case "not_started":
      return LIFT;
    case "cancelled":
      return toldNext(wait) ?? "Run it again, if nobody meant to stop it";
    default:
      return ticketToFile(wait) ?? toldNext(wait) ?? failedAction(wait);
  }
}

function failedAction(wait: Reported): string {
  const { next, evidence } = traitsOf(wait);
  if (next?.failed) return next.failed;
  return evidence === "checks"
    ? "Tell the user what failed, with the evidence of this report"
    : typeof wait.extra.log === "string"
      ? READ_LOG
      : NO_LOG;
}

/** Without a key for Linear the agent files the ticket with its own tool (contract, "Escalation"). */
function ticketToFile({ state, extra }: Reported): string | null {
  const found = isObject(extra.classification) ? extra.classification.ticket : null;
  if (state !== "RED_UNCLASSIFIED" || !isObject(found)) return null;
  const { id, title, team, label, body } = found;
  const quoted = [title, body].map((text) => JSON.stringify(oneLine(String(text), 1500)));
  return `Create a Linear issue in team ${oneLine(String(team), 40)} with label ${oneLine(String(label), 60)}, title ${quoted[0]} and this body, which quotes a log: ${quoted[1]}; then p9 escalations ack ${oneLine(String(id), 20)} --ticket <its key>`;
}

function abandonedAction(wait: Reported): string {
  switch (wait.extra.outcome) {
    case "timed_out":
      return (
        toldNext(wait) ??
        `Look at the target yourself, or ${watchAgain(wait) ?? "watch it again"} with a longer --timeout`
      );
    case "superseded":
      return "Nothing: another watch has taken over";
    case "closed":
      return "Tell the user that it was closed without merging";
    case "killed":
      return `${watchAgain(wait, "--background") ?? "The same p9 watch with --background"}; it keeps watching without a terminal`;
    case "unknown":
      return wait.extra.cause === "error:RefError"
        ? "Watch it again by a name that is known, as the reason says"
        : "Check the result yourself: p9 does not know it";
    default:
      return "Nothing";
  }
}

/** The command that watches the same again, or null where it is not known or does not fit a line. */
function watchAgain(wait: Reported, ...flags: readonly string[]): string | null {
  const { pr, repo, extra } = wait;
  const argv = Array.isArray(extra.argv) && extra.argv.length > 0 ? ["--", ...extra.argv] : [];
  const asked = isPullRequest(wait) && pr !== null ? [String(pr), ...(repo ? ["--repo", repo] : [])] : extra.asked;
  if (!Array.isArray(asked)) return null;
  const line = ["p9", "watch", ...asked, ...flags, ...argv].map((word) => shellQuote(String(word))).join(" ");
  return oneLine(line, 250) === line ? line : null;
}

/** Exit code of a foreground watch that ended with this wait's last row. */
export function exitCodeOf(wait: Wait): number {
  const outcome = wait.extra.outcome;
  if (typeof outcome === "string" && isKnown(outcome)) return exitOf(outcome);
  return wait.state === "GREEN" || wait.state === "MERGE_READY" ? 0 : wait.state === "MERGED" ? 13 : 14;
}

function isKnown(outcome: string): outcome is Outcome {
  return Object.hasOwn(OUTCOMES, outcome);
}

/** The last lines of a log, read from its end, safe to show; empty when there is none. */
export function logTail(path: string, lines = TAIL_LINES): readonly string[] {
  return (
    redact(fileEnd(path, TAIL_BYTES))
      .split(/\r?\n|\r/)
      // Names of job and step stand before each line of a CI service's log, for whoever classifies it.
      .map((line) => stripControls(line.replace(/^[^\t]*\t[^\t]*\t\d{4}-\d\d-\d\dT[\d:.]+Z /, "")).slice(0, 500))
      .filter((line) => line.trim() !== "")
      .slice(-lines)
  );
}
