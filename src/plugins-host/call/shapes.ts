/** THE SHAPES that a plugin's answers must have; references/plugin-api.md says what they mean. Loaded only when a plugin answers. */
// Not through `z.locales`, which would bring all fifty of them.

import * as z from "zod/mini";
import en from "zod/v4/locales/en.js";
import type { Json, JsonObject } from "../../base/json.ts";
import type { TrustSubject } from "../../contract/context.ts";
import type { FoundItem } from "../../contract/queue-source.ts";
import type { Evidence, LookItem, LookResult, Pin } from "../../contract/wait-kind.ts";
import { OUTCOMES, type Outcome } from "../../core/states.ts";
import type { NextActions, WaitTraits } from "../../core/traits.ts";
import type { LogProvider } from "../../log-providers/describe/log-provider.ts";
import { logProviderProblem } from "../../log-providers/describe/schema.ts";
import type { Reviewer } from "../../reviewers/describe/reviewer.ts";
import { reviewerProblem } from "../../reviewers/describe/schema.ts";
import type { QueueSourceData, WaitKindData } from "../find/description.ts";

z.config(en());

const text = (max: number) => z.string().check(z.maxLength(max));
const line = text(2_000);
const seconds = z.number().check(z.gte(0));
/** The last moment that a `Date` can be. */
const LAST_MS = 8.64e15;
const moment = z.number().check(z.gte(0), z.lte(LAST_MS));
const jsonValue: z.ZodMiniType<Json> = z.json();
const json: z.ZodMiniType<JsonObject> = z.record(z.string(), jsonValue);
const maybe = <T extends z.ZodMiniType>(shape: T) => z.optional(z.nullable(shape));

const outcomes = Object.keys(OUTCOMES) as Outcome[];

const progress = z.object({
  done: z.nullable(z.number()),
  total: z.nullable(z.number()),
  percent: z.nullable(z.number().check(z.gte(0), z.lte(100))),
  phase: z.nullable(line),
});

/** A `Pin`. */
export const pin = z.object({
  ref: line.check(z.minLength(1)),
  key: line.check(z.minLength(1)),
  repo: maybe(line),
  pr: maybe(z.number()),
  sha: maybe(line),
  prev_shas: z.optional(z.array(line)),
  aliases: z.optional(z.array(line)),
  title: z.optional(line),
  identity: json,
  complete: z.boolean(),
  env: z.optional(z.array(line)),
  note: z.optional(line),
  history: z.optional(line),
  process: z.optional(z.object({ pid: z.number(), start: line })),
  log: z.optional(line),
  appear: z.optional(z.object({ withinS: seconds, outcome: z.enum(outcomes), reason: line })),
});

const evidence = z.object({
  job: z.optional(line),
  step: z.optional(line),
  file: z.optional(line),
  line: z.optional(z.number()),
  text: text(20_000),
  url: z.optional(line),
});

const item = z.object({
  name: line,
  state: z.enum(["queued", "running", "succeeded", "failed", "cancelled", "skipped", "blocked", "neutral", "unknown"]),
  required: maybe(z.boolean()),
  url: z.optional(line),
  startedAt: z.optional(moment),
  endedAt: z.optional(moment),
  detail: z.optional(line),
});

/** A `LookResult`; programs say in `memory` what modules give to `remember()`. */
export const look = z.object({
  status: z.enum(["waiting", "running", ...outcomes]),
  reason: line.check(z.minLength(1)),
  progress: maybe(progress),
  etaS: maybe(seconds),
  pin: z.optional(pin),
  moved: z.optional(z.boolean()),
  unknown: z.optional(z.array(line)),
  items: z.optional(z.array(item).check(z.maxLength(1_000))),
  evidence: z.optional(z.array(evidence).check(z.maxLength(200))),
  log: z.optional(line),
  settle: z.optional(
    z.object({
      looks: z.optional(z.number().check(z.gte(1))),
      confirmS: z.optional(seconds),
      notBefore: z.optional(moment),
    }),
  ),
  grace: z.optional(
    z.object({
      name: z.enum(["appear", "appear_with_workflows", "required", "runner", "start"]),
      outcome: z.enum(["ignore", ...outcomes]),
      reason: line,
      since: z.optional(moment),
    }),
  ),
  notBeforeS: z.optional(seconds),
  startedAt: z.optional(moment),
  endedAt: z.optional(moment),
  note: z.optional(line),
  failure: z.optional(z.object({ type: line, rationale: line, count: z.optional(z.number().check(z.gte(0))) })),
  newsAt: z.optional(moment),
  starts: z.optional(z.array(z.object({ kind: line, ref: line, newsAt: z.optional(moment) })).check(z.maxLength(10))),
  next: z.optional(line),
  extra: z.optional(json),
  memory: z.optional(json),
});

/** What `discover` found. */
export const items = z
  .array(
    z.object({
      item: text(20_000).check(z.minLength(1)),
      key: line.check(z.minLength(1)),
      files: z.optional(z.array(line).check(z.maxLength(5_000))),
      minutes: z.optional(z.number().check(z.gte(0))),
      tier: z.optional(z.enum(["none", "worktree", "stacked_branch", "blocked"])),
      createdAt: z.optional(moment),
      why: z.optional(line),
    }),
  )
  .check(z.maxLength(1_000));

/** The answer to `missing`. */
export const missing = z.object({ missing: z.nullable(text(2_000)) });

/** What `runs` declares. */
export const subjects = z
  .array(
    z.object({
      subject: line.check(z.minLength(1)),
      content: text(1_000_000),
      command: z.optional(text(100_000)),
      fromHead: z.optional(z.boolean()),
    }),
  )
  .check(z.maxLength(200));

/** What `complete` offers. */
export const names = z.array(line).check(z.maxLength(1_000));

/** The `WaitTraits` of a kind, which every row of its waits keeps. */
export const traits = z.object({
  noun: z.optional(text(40).check(z.minLength(1))),
  unbound: z.optional(text(60).check(z.minLength(1))),
  slot: maybe(z.enum(["pull-request"])),
  evidence: z.optional(z.enum(["checks", "log"])),
  next: z.optional(
    z.object({ succeeded: z.optional(text(300)), failed: z.optional(text(300)), stuck: z.optional(text(300)) }),
  ),
});

const kebab = z.string().check(z.regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, "wanted a kebab-case name"));

const part = {
  name: kebab,
  summary: line.check(z.minLength(1)),
  env: z.optional(z.array(z.string().check(z.regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "wanted the name of a variable")))),
  options: z.optional(
    z.record(
      kebab,
      z.object({
        type: z.enum(["string", "number", "boolean", "duration", "strings"]),
        description: line.check(z.minLength(1)),
        required: z.optional(z.boolean()),
        default: z.optional(jsonValue),
        choices: z.optional(z.array(line)),
        value: z.optional(line),
      }),
    ),
  ),
};

/** A part that is data to its last key and has a form of its own. */
const ofForm = <T>(problemOf: (value: unknown) => { readonly key: string; readonly problem: string } | null) =>
  z.unknown().check(({ value, issues }) => {
    const found = problemOf(value);
    if (found === null) return;
    issues.push({
      code: "custom",
      input: value,
      message: [found.key, found.problem].filter(Boolean).join(": "),
      path: [],
    });
  }) as z.ZodMiniType<T>;

/** The answer to `describe`. */
export const description = z.object({
  name: kebab,
  api: z.optional(z.number()),
  version: z.optional(line),
  waitKinds: z.optional(
    z.array(
      z.object({
        ...part,
        process: z.optional(z.enum(["shared", "own"])),
        deadlineS: z.optional(seconds),
        interval: z.optional(z.object({ firstS: seconds, maxS: seconds })),
        lookTimeoutS: z.optional(z.number().check(z.gt(0), z.lte(600))),
        traits: z.optional(traits),
        slowAfterVerdict: z.optional(z.boolean()),
        takesRepo: z.optional(z.boolean()),
        examples: z.optional(
          z.array(z.object({ ref: z.nullable(line), argv: z.optional(z.array(line)), options: z.optional(json) })),
        ),
        has: z.optional(z.array(z.enum(["begin", "end", "complete", "runs"]))),
      }),
    ),
  ),
  queueSources: z.optional(
    z.array(
      z.object({
        ...part,
        timeoutS: z.optional(z.number().check(z.gt(0), z.lte(60))),
        has: z.optional(z.array(z.enum(["runs"]))),
      }),
    ),
  ),
  notifiers: z.optional(
    z.array(
      z.object({
        ...part,
        timeoutS: z.optional(z.number().check(z.gt(0), z.lte(60))),
        foreground: z.optional(z.boolean()),
        has: z.optional(z.array(z.enum(["missing"]))),
      }),
    ),
  ),
  logProviders: z.optional(z.array(ofForm<LogProvider>(logProviderProblem))),
  reviewers: z.optional(z.array(ofForm<Reviewer>(reviewerProblem))),
});

/** Does not compile when the contract has a field that its shape would leave out. */
type Covers<T, S extends Record<keyof T, unknown>> = S;
/** Checked when it is compiled; see {@link Covers}. */
export type PinShape = Covers<Required<Pin>, Required<z.output<typeof pin>>>;
/** Checked when it is compiled; see {@link Covers}. */
export type LookShape = Covers<Required<LookResult>, Required<z.output<typeof look>>>;
/** Checked when it is compiled; see {@link Covers}. */
export type ItemShape = Covers<Required<LookItem>, Required<z.output<typeof item>>>;
/** Checked when it is compiled; see {@link Covers}. */
export type FoundShape = Covers<Required<FoundItem>, Required<z.output<typeof items>[number]>>;
/** Checked when it is compiled; see {@link Covers}. */
export type EvidenceShape = Covers<Required<Evidence>, Required<z.output<typeof evidence>>>;
/** Checked when it is compiled; see {@link Covers}. */
export type SubjectShape = Covers<Required<TrustSubject>, Required<z.output<typeof subjects>[number]>>;
type Kinds = NonNullable<z.output<typeof description>["waitKinds"]>[number];
/** Checked when it is compiled; see {@link Covers}. */
export type TraitsShape = Covers<Required<WaitTraits>, Required<z.output<typeof traits>>>;
/** Checked when it is compiled; see {@link Covers}. */
export type NextShape = Covers<Required<NextActions>, Required<NonNullable<z.output<typeof traits>["next"]>>>;
type Sources = NonNullable<z.output<typeof description>["queueSources"]>[number];
/** Checked when it is compiled; see {@link Covers}. */
export type SourceShape = Covers<Required<QueueSourceData>, Required<Sources>>;
/** Checked when it is compiled; see {@link Covers}. */
export type KindShape = Covers<Required<WaitKindData>, Required<Kinds>>;

/**
 * Reads `value` as `shape`; what the shape does not name is left out.
 *
 * @throws {TypeError} naming the field and what is wanted, with `what` in front.
 */
export function readShape<T>(shape: z.ZodMiniType<T>, value: unknown, what: string): T {
  const result = z.safeParse(shape, value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const at = issue?.path.length ? `"${issue.path.join(".")}" of ` : "";
  throw new TypeError(`${at}${what} has the wrong shape: ${issue?.message ?? "unreadable"}`);
}
