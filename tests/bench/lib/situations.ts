import type { Repo, World } from "../../servers/github/mod.ts";

/** One situation of a pull request, and what is right in it. */
export interface Situation {
  readonly name: string;
  readonly right: string;
  /** Seconds that p9 is given (`--timeout`); `gh` has no such option. */
  readonly timeoutS?: number;
  /** The question is about merging, not about the checks alone. */
  readonly merge?: boolean;
  prepare(world: World, repo: Repo): void;
  /** What p9 has to say. */
  readonly wanted: RegExp;
}

function ended(conclusion: string) {
  return (_: World, repo: Repo) => {
    repo.require({ required: ["build", "lint"] });
    repo.pull(42).head.checks("build", { name: "lint", ends: 2, conclusion });
  };
}

/** A green pull request whose mergeStateStatus is the given one. */
function merging(state: string) {
  return (_: World, repo: Repo) => {
    repo.require({ required: ["build"] });
    const pull = repo.pull(42);
    pull.head.checks("build");
    pull.mergeState = state;
  };
}

/** The six gravest faults that were found in public bug reports of tools like this one. */
const grave: readonly Situation[] = [
  {
    name: "a newer run skips the job that an older one still runs, which fails",
    right: "red",
    prepare: (_, repo) => {
      const { head } = repo.pull(42);
      head.run({ jobs: [{ name: "lint" }, { name: "e2e", ends: 6, conclusion: "FAILURE" }] });
      head.run({
        appears: 1,
        jobs: [
          { name: "lint", ends: 2 },
          { name: "e2e", ends: 2, conclusion: "SKIPPED" },
        ],
      });
    },
    wanted: /^RED_\w+ failed, exit 10$/,
  },
  {
    name: "two jobs of one name in one run, the first failed",
    right: "red",
    prepare: (_, repo) => {
      repo.pull(42).head.run({
        jobs: [
          { name: "test", ends: 1, conclusion: "FAILURE" },
          { name: "test", ends: 2 },
        ],
      });
    },
    wanted: /^RED_\w+ failed, exit 10$/,
  },
  {
    name: "a page of the checks is missing in GitHub's answer for a moment",
    right: "keep watching, then green",
    prepare: (world, repo) => {
      const names = Array.from({ length: 149 }, (_, index) => `check ${index}`);
      repo.pull(42).head.checks(...names, "the last");
      world.hole({ field: "StatusCheckRollup.contexts", page: 2, what: "RESOURCE_LIMITS_EXCEEDED", lasts: 4 });
    },
    wanted: /^GREEN succeeded, exit 0$/,
  },
  {
    name: "a required check never reports",
    right: "not green",
    prepare: (_, repo) => {
      repo.require({ required: ["build", "security"] });
      repo.pull(42).head.checks("build");
    },
    wanted: /missing_required, exit 11$/,
  },
  {
    name: "the merge queue takes it out, because its group failed",
    right: "red",
    prepare: (world, repo) => {
      repo.require({ required: ["build"], mergeQueue: true });
      const pull = repo.pull(42);
      pull.head.checks("build");
      pull.enqueue().run({ event: "merge_group", jobs: [{ name: "build", conclusion: "FAILURE" }] });
      world.at(4, () => pull.eject("failed_checks"));
    },
    wanted: /^RED_\w+ ejected, exit 1\d$/,
  },
  {
    name: "GitHub does not answer, with `--timeout 5`",
    right: "ends in 5 s",
    timeoutS: 5,
    prepare: (world, repo) => {
      repo.pull(42).head.checks({ name: "build", ends: null });
      world.fault({ kind: "hang", after: 1 });
    },
    wanted: /timed_out, exit 12$/,
  },
];

/** The rows that GitHub's own command line and others get wrong. */
export const situations: readonly Situation[] = [
  { name: "all green", right: "green", prepare: ended("SUCCESS"), wanted: /^GREEN succeeded, exit 0$/ },
  { name: "a check FAILURE", right: "red", prepare: ended("FAILURE"), wanted: /^RED_\w+ failed, exit 10$/ },
  {
    name: "a check CANCELLED",
    right: "not green",
    prepare: ended("CANCELLED"),
    wanted: /^RED_\w+ cancelled, exit 10$/,
  },
  {
    name: "what is required passes, an optional check FAILURE",
    right: "green: only what is required decides",
    prepare: (_, repo) => {
      repo.require({ required: ["build"] });
      repo.pull(42).head.checks({ name: "build", ends: 1 }, { name: "lint", ends: 2, conclusion: "FAILURE" });
    },
    wanted: /^GREEN succeeded, exit 0$/,
  },
  { name: "ACTION_REQUIRED", right: "needs a human", prepare: ended("ACTION_REQUIRED"), wanted: /blocked, exit 11$/ },
  {
    name: "no checks registered yet, they pass later",
    right: "wait, then green",
    prepare: (_, repo) => {
      repo.require({ required: ["build"] });
      repo.pull(42).head.checks({ name: "build", appears: 4, ends: 6 });
    },
    wanted: /^GREEN succeeded, exit 0$/,
  },
  { name: "STARTUP_FAILURE", right: "red", prepare: ended("STARTUP_FAILURE"), wanted: /^RED_\w+ failed, exit 10$/ },
  { name: "STALE", right: "not green", prepare: ended("STALE"), wanted: /^RED_\w+ failed, exit 10$/ },
  {
    name: "one HTTP 502 in mid-watch",
    right: "keep watching",
    prepare: (world, repo) => {
      repo.require({ required: ["build"] });
      repo.pull(42).head.checks({ name: "build", ends: 5 });
      world.fault({ kind: "502", after: 2, times: 1 });
    },
    wanted: /^GREEN succeeded, exit 0$/,
  },
  {
    name: "mergeState BEHIND",
    right: "not ready",
    merge: true,
    prepare: merging("BEHIND"),
    wanted: /^not ready, exit 1$/,
  },
  {
    name: "mergeState HAS_HOOKS",
    right: "ready",
    merge: true,
    prepare: merging("HAS_HOOKS"),
    wanted: /^ready, exit 0$/,
  },
  {
    name: "mergeState UNSTABLE, only an optional check not green",
    right: "ready",
    merge: true,
    prepare: (world, repo) => {
      merging("UNSTABLE")(world, repo);
      repo.pull(42).head.checks({ name: "optional", conclusion: "FAILURE" });
    },
    wanted: /^ready, exit 0$/,
  },
  ...grave,
];
