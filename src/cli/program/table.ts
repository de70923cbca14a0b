import type { Command } from "@commander-js/extra-typings";
import type { Context } from "./context.ts";

/** What a command's module exports: it declares arguments and options, and sets the action. */
export interface CommandModule {
  register(command: Command, context: Context): void | Promise<void>;
}

/** One command of p9. */
export interface CommandRow {
  readonly name: string;
  /** One line for the help. */
  readonly summary: string;
  /** Heading in the list of commands. */
  readonly group: (typeof GROUP)[keyof typeof GROUP];
  /** Every exit code that it can end with, beside 3 (usage). */
  readonly exits: readonly number[];
  /** Left out of the list of commands. */
  readonly hidden?: boolean;
  /** What follows `--` is a command line of the user's: `context.rest`. */
  readonly takesCommand?: boolean;
  readonly load: () => Promise<CommandModule>;
}

/** Headings in the list of commands. */
export const GROUP = {
  watch: "Watching:",
  work: "Work meanwhile:",
  verdict: "When it is red or green:",
  recovery: "Recovery:",
  setup: "Set-up and integration:",
} as const;

/** THE TABLE OF COMMANDS, in the order of the help. Only the module of the command that was called is loaded. */
export const COMMANDS: readonly CommandRow[] = [
  {
    name: "watch",
    summary: "Watch a pull request, build, deploy, index or command to its end",
    group: GROUP.watch,
    exits: [0, 1, 2, 4, 5, 7, 8, 10, 11, 12, 13, 14, 99],
    takesCommand: true,
    load: () => import("../commands/watch/watch.ts"),
  },
  {
    name: "attach",
    summary: "Follow a running watch to its end",
    group: GROUP.watch,
    exits: [0, 8, 10, 11, 12, 13, 14],
    load: () => import("../commands/watch/attach.ts"),
  },
  {
    name: "wait-for",
    summary: "Wait until a command exits with 0",
    group: GROUP.watch,
    exits: [0, 1, 2, 7, 8, 10, 11, 12, 13, 14, 99],
    takesCommand: true,
    load: () => import("../commands/watch/wait-for.ts"),
  },
  {
    name: "status",
    summary: "Show what is being waited for",
    group: GROUP.watch,
    exits: [0],
    load: () => import("../commands/status/status.ts"),
  },
  {
    name: "report",
    summary: "Show how the last waits ended",
    group: GROUP.watch,
    exits: [0],
    load: () => import("../commands/status/report.ts"),
  },
  {
    name: "events",
    summary: "Read the log of events",
    group: GROUP.watch,
    exits: [0],
    load: () => import("../commands/history/events.ts"),
  },
  {
    name: "wait-queue",
    summary: "Find something useful to do while a wait runs",
    group: GROUP.work,
    exits: [0, 1, 99],
    load: () => import("../commands/wait-queue/wait-queue.ts"),
  },
  {
    name: "heal",
    summary: "Say what failed on a pull request, and repair it",
    group: GROUP.verdict,
    exits: [0, 1, 2, 4, 6, 7, 10, 11, 12, 13, 14, 99],
    load: () => import("../commands/heal/heal.ts"),
  },
  {
    name: "escalations",
    summary: "Show what waits for a human; say where it was filed",
    group: GROUP.verdict,
    exits: [0, 4, 99],
    load: () => import("../commands/tell/escalations.ts"),
  },
  {
    name: "trust",
    summary: "Show what this repository would run, and allow it",
    group: GROUP.setup,
    exits: [0, 7],
    load: () => import("../commands/setup/trust.ts"),
  },
  {
    name: "merge-status",
    summary: "Say whether a pull request may be merged",
    group: GROUP.verdict,
    exits: [0, 1, 4],
    load: () => import("../commands/merge/merge-status.ts"),
  },
  {
    name: "merge-ready",
    summary: "Mark a watched pull request as ready to merge, for this very commit",
    group: GROUP.verdict,
    exits: [0, 1, 2, 4, 7, 99],
    load: () => import("../commands/merge/merge-ready.ts"),
  },
  {
    name: "why",
    summary: "Say what a pull request waits for, and whose move it is",
    group: GROUP.verdict,
    exits: [0, 4],
    load: () => import("../commands/merge/why.ts"),
  },
  {
    name: "abandon",
    summary: "Stop waiting for something",
    group: GROUP.recovery,
    exits: [0, 99],
    load: () => import("../commands/recovery/abandon.ts"),
  },
  {
    name: "rearm",
    summary: "Give a new watcher to waits whose watcher died",
    group: GROUP.recovery,
    exits: [0, 99],
    load: () => import("../commands/recovery/rearm.ts"),
  },
  {
    name: "reap",
    summary: "End what can no longer be watched; look at each target once more first",
    group: GROUP.recovery,
    exits: [0, 99],
    load: () => import("../commands/recovery/reap.ts"),
  },
  {
    name: "stuck-scan",
    summary: "Find waits that are watched and do not move",
    group: GROUP.recovery,
    exits: [0, 1, 99],
    load: () => import("../commands/recovery/stuck-scan.ts"),
  },
  {
    name: "cleanup",
    summary: "End what was merged or closed elsewhere",
    group: GROUP.recovery,
    exits: [0, 4, 99],
    load: () => import("../commands/recovery/cleanup.ts"),
  },
  {
    name: "drive",
    summary: "Watch everything that is open, for a service manager",
    group: GROUP.recovery,
    exits: [0, 99],
    load: () => import("../commands/recovery/drive.ts"),
  },
  {
    name: "notify",
    summary: "Tell people through the configured channels; also their test",
    group: GROUP.recovery,
    exits: [0, 1, 99],
    load: () => import("../commands/tell/notify.ts"),
  },
  {
    name: "plugin",
    summary: "List, write, test, add or remove third-party plugins",
    group: GROUP.setup,
    exits: [0, 1, 4],
    load: () => import("../commands/plugin/plugin.ts"),
  },
  {
    name: "stats",
    summary: "Show the time waited, and what was done with it",
    group: GROUP.work,
    exits: [0, 1],
    load: () => import("../commands/history/stats.ts"),
  },
  {
    name: "doctor",
    summary: "Check the set-up, and say how to mend what is wrong",
    group: GROUP.setup,
    exits: [0, 1, 2],
    load: () => import("../commands/doctor/doctor.ts"),
  },
  {
    name: "init",
    summary: "Set p9 up for Claude Code: hooks, status line, policy",
    group: GROUP.setup,
    exits: [0, 1],
    load: () => import("../commands/setup/init.ts"),
  },
  {
    name: "hook",
    summary: "Answer one hook event of Claude Code (JSON on stdin)",
    group: GROUP.setup,
    exits: [0, 2],
    load: () => import("../commands/setup/hook.ts"),
  },
  {
    name: "statusline",
    summary: "One line for Claude Code's status line",
    group: GROUP.setup,
    exits: [0],
    load: () => import("../commands/status/statusline.ts"),
  },
  {
    name: "completions",
    summary: "Print the script that completes p9 in a shell",
    group: GROUP.setup,
    exits: [0, 1],
    load: () => import("../commands/setup/completions.ts"),
  },
  {
    name: "complete",
    summary: "Answer the shell's question what may come next",
    group: GROUP.setup,
    exits: [0],
    hidden: true,
    takesCommand: true,
    load: () => import("../commands/setup/complete.ts"),
  },
];

/** Commands of the Python p9 that were not taken over, and what to use instead. */
export const RETIRED: Readonly<Record<string, string>> = {
  "auto-merge": "p9 merge-ready <pr> says that it may be merged; merge with gh pr merge or GitHub's auto-merge",
  "gate-check": "p9 merge-status <pr> --json names every unmet condition",
  "p20-record": "leave a review on the pull request; p9 merge-status reads reviews",
  conformance: "p9 doctor checks the set-up, and p9 plugin test checks plugins",
  host: "nothing is needed: p9 init sets p9 up for the client, p9 doctor shows what it found",
};
