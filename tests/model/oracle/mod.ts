import type { PrWorld, RunSpec } from "../world.ts";
import { headAt } from "./counting.ts";
import { holesAt, pullHidden } from "./holes.ts";
import { type Lasting, type Raw, rawAt } from "./instant.ts";
import { headIndex } from "./pull.ts";
import { readyAt } from "./ready.ts";
import { type Span, spansOf } from "./runs.ts";
import { changesOf } from "./timeline.ts";
import { says, type Verdict, type Word } from "./words.ts";

/** How long something must last before it is a verdict: the contract's graces. */
const GRACE = { missing: 15 * 60, queued: 15 * 60, empty: 3 * 60, emptyWithWorkflows: 10 * 60 } as const;

const GRACE_WORDS = { missing: "missing_required", queued: "no_runner", empty: "no_checks" } as const;

/** The oracle of one world: what GitHub's documentation implies of it at any instant, without a look at any of p9's code. */
export class Oracle {
  readonly world: PrWorld;
  readonly spans: Map<RunSpec, Span>;
  /** The instants at which something changes. */
  readonly changes: readonly number[];
  readonly #raws = new Map<number, Raw>();

  constructor(world: PrWorld) {
    this.world = world;
    this.spans = spansOf(world);
    this.changes = changesOf(world, this.spans);
  }

  /** The verdict at that second. */
  at(t: number): Verdict {
    const hidden = holesAt(this.world, this.spans, t);
    const verdict = this.#settled(t);
    const over = ["merged", "closed", "no_pr"].includes(verdict.word);
    if (!hidden || (over && !pullHidden(this.world, t))) return verdict;
    if (over) return says("unreadable", hidden, [verdict.word]);
    // What could be read may make red, never green.
    const red: Word[] = ["failed", "cancelled", "blocked", "not_started", "ejected"];
    const also = [verdict.word, ...verdict.also].filter((word) => red.includes(word));
    if (this.#isRedInPart(t)) also.push("failed");
    return says("unreadable", hidden, [...also, "running"]);
  }

  /** Whether it may be merged at that second; null where the documentation leaves it open. */
  readyAt(t: number): { ready: boolean | null; why: string } {
    const head = headIndex(this.world, t, true);
    return readyAt(this.world, headAt(this.world, this.spans, head, t), t, this.spans, this.at(t));
  }

  /** Since when the word of that second has held without a break and "running" has been wrong: whoever waits for what goes on is not late. */
  since(t: number): number {
    const { word, also } = this.at(t);
    if (also.includes("running")) return t;
    let from = t;
    for (const at of this.#points()
      .filter((point) => point < t)
      .reverse()) {
      const then = this.at(at);
      if (then.word !== word || then.also.includes("running")) break;
      from = at;
    }
    return from;
  }

  /** Whether something has failed: what is hidden may be all that replaces it. */
  #isRedInPart(t: number): boolean {
    const head = headIndex(this.world, t, true);
    return headAt(this.world, this.spans, head, t).all.some(({ state }) => state === "failed");
  }

  #settled(t: number): Verdict {
    const raw = this.#raw(t);
    if (!isGrace(raw)) return raw;
    const from = this.#rawSince(t, raw.word);
    const needs = raw.word === "empty" && this.world.workflows ? GRACE.emptyWithWorkflows : GRACE[raw.word];
    if (t - from >= needs) return says(GRACE_WORDS[raw.word], raw.why, raw.also);
    // Where nothing reported at all, the shorter grace of the checks may speak before that of the required ones.
    const also = raw.also.filter((word) => word !== "no_checks" || t - from >= GRACE.empty);
    // Who heard of the creation counts from it, and not from when GitHub shows the pull request.
    if (t - from + this.world.pull.appears >= needs) also.push(GRACE_WORDS[raw.word]);
    return says("running", raw.why, also);
  }

  /**
   * Since when the condition of a grace has held, on one head; what is queued or missing stays so while the pull request is closed, and
   * nothing reports also while it is in the queue or a rule is unmet.
   */
  #rawSince(t: number, word: string): number {
    let from = t;
    const head = headIndex(this.world, t, true);
    for (const at of this.changes.filter((point) => point <= t).reverse()) {
      const then = this.#raw(at).word;
      if (then === "closed") continue;
      if (headIndex(this.world, at, true) !== head) break;
      const empty = word === "empty" && headAt(this.world, this.spans, head, at).all.length === 0;
      if (then !== word && !empty) break;
      from = at;
    }
    return from;
  }

  #raw(t: number): Raw {
    const last = this.changes.filter((point) => point <= t).at(-1) ?? 0;
    const known = this.#raws.get(last);
    if (known) return known;
    const raw = rawAt(this.world, this.spans, last);
    this.#raws.set(last, raw);
    return raw;
  }

  /** Changes, and the instants at which a grace may be over. */
  #points(): number[] {
    const graces = this.changes.flatMap((at) => Object.values(GRACE).map((grace) => at + grace));
    return [...new Set([...this.changes, ...graces])].sort((a, b) => a - b);
  }
}

function isGrace(raw: Raw): raw is Lasting {
  return raw.word in GRACE_WORDS;
}
