/** THE POLICY: every key of the blocks `ci_watch` and `ci_heal`, with its type and default. Loaded only when a file is to be read. */
import * as z from "zod/mini";
import { parseDuration } from "../base/duration.ts";
import { globProblem } from "../base/glob.ts";
import { parseSize } from "../base/size.ts";

/** Seconds; written as a number, or as text with a unit (`90`, `2m`). */
export const duration = z.pipe(
  z.union([z.number(), z.string()]),
  z.transform((value, context) => {
    try {
      return parseDuration(value);
    } catch {
      context.issues.push({
        code: "custom",
        message: "seconds, or a number with s, m, h or d",
        input: value,
      });
      return z.NEVER;
    }
  }),
);
/** Days; a number, or a duration with its unit. */
export const days = z.pipe(
  z.union([z.number(), z.string()]),
  z.transform((value, context) => {
    // A text without a unit would be seconds, and remove nearly everything.
    const text = typeof value === "number" ? `${value}d` : /[a-z]$/.test(value) ? value : "";
    try {
      return parseDuration(text) / 86_400;
    } catch {
      context.issues.push({ code: "custom", message: "days, or a number with h or d", input: value });
      return z.NEVER;
    }
  }),
);
/** Bytes; written as a number, or as text with a unit (`500M`, `2 GiB`). */
export const size = z.pipe(
  z.union([z.number(), z.string()]),
  z.transform((value, context) => {
    try {
      return parseSize(value);
    } catch {
      context.issues.push({ code: "custom", message: "bytes, or a number with K, M or G", input: value });
      return z.NEVER;
    }
  }),
);
const count = z.number().check(z.int(), z.gte(0));
const share = z.number().check(z.gte(0), z.lte(1));
const tier = z.enum(["none", "worktree", "stacked_branch", "blocked"]);
const texts = z.array(z.string().check(z.minLength(1)));
/** Patterns of paths; one that can match nothing is a mistake and not an empty list. */
export const globs = z.array(z.string()).check((context) => {
  for (const [at, pattern] of context.value.entries()) {
    const wanted = globProblem(pattern);
    if (wanted !== null) context.issues.push({ code: "custom", message: wanted, input: pattern, path: [at] });
  }
});
/** Free-form; checked by the plugin, provider or rule that reads it. */
const free = z.record(z.string(), z.json());

/** An entry of `index_sync`: whatever its provider understands, and the paths that a push must change to start it. */
const indexSync = z
  // A record keeps the order of the keys as written, and consent to an entry is kept as a hash of its text.
  .record(z.string(), z.json())
  .check((context) => {
    const { error } = z.optional(globs).safeParse(context.value.paths);
    for (const issue of error?.issues ?? [])
      context.issues.push({ ...issue, path: ["paths", ...issue.path] } as z.core.$ZodRawIssue);
  });

/** Graces of a watch, in seconds. */
const grace = z.strictObject({
  /** Checks must appear within this time after the push. */
  appear: z._default(duration, 180),
  /** The same when workflows exist for the event. */
  appear_with_workflows: z._default(duration, 600),
  /** Required checks must report within this time after all others ended. */
  required: z._default(duration, 900),
  /** Everything queued and nothing started for this long: no runner. */
  runner: z._default(duration, 900),
  /** A deployment or process that was asked for must start within this time. */
  start: z._default(duration, 900),
  /** Seconds between looks at a pull request that has its verdict. */
  slow_look: z._default(duration, 300),
});

/** How long reviewers may take to settle on a head, in seconds. */
const settleReviews = z.strictObject({
  /** Without anything new. */
  quiet: z._default(duration, 300),
  /** While a reviewer has begun and not ended. */
  lifecycle: z._default(duration, 900),
  /** In all. */
  ceiling: z._default(duration, 1800),
});

/** What reviews mean for a pull request. */
const reviews = z.strictObject({
  /** Names of reviewers, logins of people, or `auto`: whoever reports on the pull request or on the last ones of its base. */
  reviewers: z._default(z.union([z.literal("auto"), texts], "auto, or a list of reviewers"), "auto"),
  /** Whether a pull request is ready only when they have finished with its head. */
  wait: z._default(z.boolean(), true),
  /** What a refused review does: it blocks, or is only said. */
  refused: z._default(z.enum(["block", "note"]), "block"),
  settle: z.prefault(settleReviews, {}),
  /** Whose threads are answered and resolved. */
  reply: z._default(z.enum(["bots", "all", "none"]), "bots"),
});

/** How long, and up to how many bytes, logs and evidence of ended waits are kept. */
const keep = z.strictObject({
  days: z._default(days, 30),
  size: z._default(size, 500_000_000),
});

/** Which isolation tier a piece of work gets. */
const isolationTierMap = z.strictObject({
  research: z._default(tier, "none"),
  docs: z._default(tier, "none"),
  code_independent: z._default(tier, "worktree"),
  code_dependent: z._default(tier, "stacked_branch"),
  governance: z._default(tier, "blocked"),
});

/** The block `ci_watch`. */
export const ciWatch = z.strictObject({
  enabled: z._default(z.boolean(), true),
  max_concurrent_prs: z._default(z.number().check(z.int(), z.gte(1)), 1),
  max_concurrent_prs_scope: z._default(z.enum(["repo", "global"]), "repo"),
  isolation_tier_map: z.prefault(isolationTierMap, {}),
  /** Globs of files that only a human changes, beside `CLAUDE.md`, `AGENTS.md` and `.control/`. */
  blocked_paths: z._default(globs, []),
  /** Kinds of wait that a push starts. */
  auto: z._default(texts, ["pr-ci"]),
  /** What a pull request without any check is. */
  no_checks: z._default(z.enum(["red", "green", "ignore"]), "red"),
  /** With no required check known: seconds without a new check before green is believed. */
  settle: z._default(duration, 30),
  observer: z._default(z.enum(["api", "gh"]), "api"),
  grace: z.prefault(grace, {}),
  /** Deadline in seconds by kind of wait; the kind's own where none is given. */
  deadline: z._default(z.record(z.string(), duration), {}),
  /** What is kept of ended waits; the log itself is never cut. */
  keep: z.prefault(keep, {}),
  plugins: z._default(texts, []),
  /** Channels that hear of endings, as in `notify.json`; references/notify.md has their form. */
  notify: z._default(z.array(free), []),
  providers: z._default(free, {}),
  index_sync: z._default(z.record(z.string(), indexSync), {}),
  /** CI services whose logs are read, beside the built-in ones; references/log-providers.md has their form. */
  log_providers: z._default(free, {}),
  reviews: z.prefault(reviews, {}),
  /** Review bots, beside the built-in ones; references/reviewers.md has their form. */
  reviewers: z._default(free, {}),
  /** The answer to an agent that waits by hand (`sleep`); unset: `deny` while p9 has that wait, else `off`. */
  sleep: z.optional(z.enum(["off", "suggest", "deny"])),
  /** When work is offered at the end of a turn. */
  offer: z._default(z.enum(["attended", "always", "never"]), "attended"),
});

/** Where to escalate. */
const escalationChannel = z.strictObject({
  linear_team: z._default(z.string(), "BRO"),
  linear_label: z._default(z.string(), "ci-heal-escalation"),
  /** Program, relative to the workspace, that hears of every escalation; runs only when it exists and is trusted. */
  notify_hook: z._default(z.string(), "skills/p9/scripts/p9-escalate-notify.sh"),
});

/** The block `ci_heal`. */
export const ciHeal = z.strictObject({
  enabled: z._default(z.boolean(), true),
  max_attempts: z._default(count, 5),
  stability_floor: z._default(share, 0.3),
  classified_failure_types: z._default(texts, ["lint", "format", "test_flaky", "codegen_drift", "import_missing"]),
  /** Null: nothing is escalated. */
  escalation_channel: z._default(z.nullable(escalationChannel), null),
  /** Commands that prepare a fresh worktree for healing. */
  setup: z._default(z.union([z.string(), texts]), []),
  /** Whether heal commands have the network where they are confined. `setup` always has it. */
  network: z._default(z.boolean(), false),
  /** Heal command by failure type. */
  commands: z._default(z.record(z.string(), z.union([z.string(), texts, free])), {}),
  /** Rules that classify failures, beside the built-in rubric; references/scoring-rubric.md has their form. */
  rules: z._default(z.array(free), []),
  /** Floor of confidence for every type, or by type. */
  min_confidence: z.optional(z.union([share, z.record(z.string(), share)])),
  /** Globs of files outside the pull request that a heal may change. */
  allow_paths: z._default(globs, []),
});

/** The block `ci_watch`, checked, with its defaults. */
export type CiWatch = z.infer<typeof ciWatch>;
/** The block `ci_heal`, checked, with its defaults. */
export type CiHeal = z.infer<typeof ciHeal>;

/** The two blocks by name. */
export const BLOCKS = { ci_watch: ciWatch, ci_heal: ciHeal } as const;
