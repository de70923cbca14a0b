/** What `--json a,b` can choose from in a command's document. */
export interface JsonFields {
  /** `document`: the names are its keys. `rows`: those of the objects in its lists; what stands beside the lists stays. */
  readonly of: "document" | "rows";
  readonly names: readonly string[];
  /** Of `names`, those that are lists of the document: naming some leaves the others out. */
  readonly lists?: readonly string[];
  /** Whether the command takes words of its own: a word behind `--json` may be one of them. */
  readonly operands: "none" | "optional" | "required";
}

const WAIT = ["kind", "wait_id", "ref", "pr", "repo", "host"] as const;
const TRANSITION = [
  ...["type", "ts", ...WAIT, "sha", "from_state", "to_state", "watcher_id", "attempt"],
  ...["evaluator_score", "session_id", "extra"],
] as const;
const RECOVERED = [...WAIT, "state", "what", "reason", "pid"] as const;
const REPORT = [
  ...["report", "ts", ...WAIT, "sha", "state", "outcome", "cause", "reason", "session_id", "watcher_id", "attempt"],
  ...["log", "log_tail", "evidence", "classification", "next_action", "url"],
] as const;
const WATCH = [...REPORT, "pid", "already", "dry_run", "title", "watched_by", "error"] as const;
const ITEM = [
  ...["id", "source", "item", "created_at", "pr", "isolation_tier", "session_id", "repo", "host", "files", "minutes"],
  ...["lease_until", "why"],
] as const;
const ESCALATION = [
  ...["ts", "id", "repo", "host", "signature", "pr", "wait_id", "title", "body", "label", "team", "severity", "state"],
  ...["ticket", "url", "count", "since", "problem"],
] as const;
const VERDICT = [
  ...["ready", "state", "mergeable", "review_decision", "unresolved_threads", "reason", "head", "unmet"],
] as const;
const HEAL = [
  ...["failure_type", "classified", "confidence", "heal_command", "signature_hash", "rationale", "evidence"],
  ...["transient", "failures", "history", "sha", "outage", "explain"],
  ...["did", "reason", "commit", "files", "evaluator_score", "state", "attempt"],
  ...["ended", "attempts", "heals"],
] as const;
const STATS = [
  ...["since", "until", "waits", "open", "waited_s", "blocked_s", "reclaimed_s", "reclaimed_share", "work"],
  ...["wake_latency_s", "verdict_latency_s", "verdicts", "heals", "flakes", "github_points", "ci_minutes"],
  ...["by_kind", "by_repo", "by_day"],
] as const;
const EVENT = [
  ...[...TRANSITION, "pid", "pid_start", "boot_id", "generation", "cause", "reason", "needs", "note", "data"],
  ...["value", "stalled_s", "since", "linked_to", "subscriber", "event", "error", "plugin", "message"],
] as const;
const STUCK = [
  ...["report", ...WAIT, "state", "pid", "reason", "progress_since", "progress_age_s", "threshold_s"],
  ...["last_event_ts", "session_id", "next_action", "notified", "log", "log_tail"],
] as const;
const PLUGIN = [
  ...[
    "plugin",
    "name",
    "version",
    "from",
    "trusted",
    "wait_kinds",
    "queue_sources",
    "notifiers",
    "log_providers",
    "reviewers",
    "problem",
    "calls",
  ],
  ...["failed", "spent_ms", "last_error"],
] as const;
const NOTICE = [
  ...["ts", "id", "kind", "title", "body", "severity", "payload", "wait_id", "deliveries", "open", "closed", "notice"],
] as const;

const THREAD = [
  ...["id", "path", "line", "side", "hunk", "author", "association", "level", "bot", "trusted", "outdated"],
  ...["resolved", "replied", "said_at", "answered", "comments", "url"],
] as const;
const REVIEWER = ["title", "state", "expected", "pr", "repo", "host", "head", "earlier", "said", "url"] as const;
const ANSWERED = ["id", "answered", "resolved", "url"] as const;

/** THE FIELDS of every document, by command. What prints no document has none. */
export const FIELDS: Readonly<Record<string, JsonFields>> = {
  watch: document(WATCH, "optional"),
  attach: document(WATCH, "optional"),
  "wait-for": document(WATCH, "required"),
  status: lists(
    ["open_prs", "open_waits"],
    [...TRANSITION, "alive", "unwatched", "progress", "eta_s", "late_s", "last_look", "needs", "queued", "told"],
  ),
  top: document(["changed_at", "waits", "ready", "queue", "told", "untold"]),
  board: document(["url", "port", "pid"]),
  dismiss: document(["dismissed"], "required"),
  report: rows(REPORT),
  "events tail": document(EVENT),
  "wait-queue push": document(["id"]),
  "wait-queue pop": document(ITEM),
  "wait-queue list": rows([...ITEM, "status", "held_by"]),
  "wait-queue done": document(["done"], "required"),
  "wait-queue release": document(["released"], "required"),
  "wait-queue clear": document(["cleared"]),
  stats: document(STATS),
  heal: document(HEAL, "optional"),
  logs: rows(["job", "step", "url", "lines"], "optional"),
  open: document(["url"], "optional"),
  "escalations list": rows(ESCALATION),
  "escalations ack": document(ESCALATION, "required"),
  "escalations flush": rows(ESCALATION),
  "merge-status": document(VERDICT, "optional"),
  "merge-ready": document(["ready", "pr", "repo", "host", "state", "head", "wait_id", "reason", "verdict"], "optional"),
  why: document(
    [...VERDICT, "pr", "repo", "host", "queue", "auto_merge_by", "optional_red", "watched", "waits"],
    "optional",
  ),
  trust: document(["trusted", "untrusted", "revoked"]),
  "plugin list": rows(PLUGIN),
  "plugin new": document(["folder", "files", "next"], "required"),
  "plugin test": document(["plugin", "name", "passed", "failed", "skipped", "parts"], "required"),
  "plugin add": document(["plugin", "name", "provides", "added"], "required"),
  "plugin remove": document(["plugin", "removed"], "required"),
  "threads list": rows(THREAD),
  "threads reply": document(ANSWERED, "required"),
  "threads resolve": document(ANSWERED, "required"),
  doctor: lists(
    ["checks", "reviewers"],
    [...["name", "ok", "detail", "mend", "level", "policy"], ...REVIEWER],
    "optional",
  ),
  init: document(["scope", "harnesses", "found", "dry_run", "files", "notes"]),
  uninstall: document(["dry_run", "files", "watched", "purged", "left"]),
  statusline: document(["red", "waits", "queued", "unread"]),
  abandon: rows(TRANSITION, "required"),
  rearm: rows(RECOVERED),
  reap: rows([...new Set([...RECOVERED, ...TRANSITION])]),
  "stuck-scan": rows(STUCK),
  cleanup: rows(["wait_id", "pr", "repo", "host", "state", "reason"]),
  notify: document(NOTICE, "optional"),
};

/** The name in {@link FIELDS} of the command that a command line calls: with its subcommand where it has some. */
export function commandPath([name = "", below = ""]: readonly string[]): string {
  return Object.hasOwn(FIELDS, `${name} ${below}`) ? `${name} ${below}` : name;
}

/** The fields of the command that a command line calls; null: it prints no document. */
export function fieldsOf(argv: readonly string[]): JsonFields | null {
  const path = commandPath(argv);
  return Object.hasOwn(FIELDS, path) ? (FIELDS[path] ?? null) : null;
}

function document(names: readonly string[], operands: JsonFields["operands"] = "none"): JsonFields {
  return { of: "document", names, operands };
}

function rows(names: readonly string[], operands: JsonFields["operands"] = "none"): JsonFields {
  return { of: "rows", names, operands };
}

function lists(
  names: readonly string[],
  ofRows: readonly string[],
  operands: JsonFields["operands"] = "none",
): JsonFields {
  return { of: "rows", names: [...ofRows, ...names], lists: names, operands };
}
