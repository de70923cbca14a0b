import type { PrWorld } from "../world.ts";

/** The value of a timeline at an instant. */
export function valueAt<T>(list: readonly (readonly [number, T])[], t: number, before: T): T {
  return list.filter(([at]) => t >= at).at(-1)?.[1] ?? before;
}

/** Whether the pull request is open, merged or closed. */
export function stateAt(world: PrWorld, t: number): "open" | "merged" | "closed" {
  const { ends, queue } = world.pull;
  if (queue?.leaves?.[1] === "merged" && t >= queue.leaves[0]) return "merged";
  const last = valueAt(ends, t, "reopen");
  return last === "merge" ? "merged" : last === "close" ? "closed" : "open";
}

/**
 * The head: what was pushed last. `shown`: what GitHub's replicas show, which for some seconds is the one before; `told`: who asks knows the
 * first push that it was told of.
 */
export function headIndex(world: PrWorld, t: number, shown: boolean): number {
  const told = toldHead(world);
  const seen = world.heads.filter(({ at, lag }, index) => {
    if (index === 0) return true;
    return t >= at + (shown && index > told ? lag : 0);
  });
  return Math.max(0, seen.length - 1);
}

/** The push that p9 was told of, or knows from the clone; -1 when it was told of none. */
function toldHead({ asked, heads }: PrWorld): number {
  return asked.by === "push" ? heads.filter(({ at }) => at <= asked.start).length - 1 : -1;
}

/** Its place in the merge queue. */
export function queueAt(world: PrWorld, t: number): "none" | "queued" | "unmergeable" | "ejected" {
  const { queue } = world.pull;
  if (!queue || t < queue.enqueued) return "none";
  if (queue.leaves && t >= queue.leaves[0]) {
    // A newer push is a new attempt; a person who took it out needs no telling; `merged` is the merge itself.
    const pushed = world.heads.some(({ at }) => at > queue.enqueued && at <= t);
    return queue.leaves[1] === "failed_checks" && !pushed ? "ejected" : "none";
  }
  return queue.unmergeable !== null && t >= queue.unmergeable ? "unmergeable" : "queued";
}
