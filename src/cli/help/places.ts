/** A name, and what it is for. */
export type Entry = readonly [name: string, what: string];

/** Variables that p9 reads, for its manual; references/config.md says more. */
export const ENVIRONMENT: readonly Entry[] = [
  ["BROOMVA_P9_HOME", "the state directory; without: $XDG_CONFIG_HOME/broomva/p9, else ~/.config/broomva/p9"],
  ["BROOMVA_P9_POLICY", "the policy file; without: the nearest .control/policy.yaml from the working directory upward"],
  [
    "BROOMVA_P9_SESSION",
    "the session that commands belong to; without: what the client calls it (CLAUDE_CODE_SESSION_ID, CODEX_THREAD_ID, COPILOT_AGENT_SESSION_ID), else an id that is kept",
  ],
  ["BROOMVA_P9_REPO", "owner/name of the repository, where --repo does not name it; -: none"],
  ["GH_REPO, GH_HOST", "the same as for gh"],
  ["BROOMVA_P9_QUEUE_TTL_DAYS", "days after which queued work leaves (14)"],
  ["BROOMVA_P9_WATCHER_GRACE", "seconds before a dead watcher is replaced (120)"],
  ["BROOMVA_P9_STUCK_MIN", "minutes without progress before a wait counts as stuck (45)"],
  ["BROOMVA_P9_NTFY_TOPIC", "topic for notices through ntfy"],
  ["LINEAR_API_KEY, LINEAR_API_URL", "Linear, for escalations and for work from there"],
  ["NO_COLOR, FORCE_COLOR", "colour off or on"],
  ["P9_DEBUG", "1: an internal error shows where it happened"],
];

/** Files that p9 reads and writes, for its manual. */
export const PLACES: readonly Entry[] = [
  [".control/policy.yaml", "what a repository says: the blocks ci_watch and ci_heal"],
  ["~/.config/broomva/p9", "the state directory, with:"],
  ["config.yaml", "the same blocks of your own, under the policy"],
  ["notify.json", "channels that tell people"],
  ["plugins.jsonc", "third-party plugins"],
  ["state.jsonl", "the log of all events: the only truth, only ever appended to"],
  ["queue.jsonl", "work for the meantime"],
  ["logs/", "what watched commands wrote, and evidence"],
];
