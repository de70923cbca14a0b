import { parseTimestamp } from "../../../base/clock.ts";
import { localTime, relativeTime } from "../../../base/local-time.ts";
import { counted, oneLine, stripControls } from "../../../base/text.ts";
import type { PublicItem } from "../../../queue/pick/pop.ts";
import type { Context } from "../../program/context.ts";
import { broken, type Part } from "../../show/styled.ts";

/** A piece of work that was handed out, for people: what, where it may be done, why this one, how long it is theirs. */
export function itemText(item: PublicItem, { columns, clock }: Context): readonly (readonly Part[])[] {
  const { id, source, isolation_tier, files, minutes, pr, repo, lease_until, why } = item;
  const [title = "", ...more] = stripControls(item.item).split("\n");
  const lines = (text: string) => broken(text, columns).map((line): readonly Part[] => [line]);
  const facts = [
    `from ${oneLine(source, 40)}`,
    WHERE[isolation_tier] ?? isolation_tier,
    pr === null ? "" : `for PR #${pr}${repo ? ` (${repo})` : ""}`,
    minutes ? `about ${counted(minutes, "minute")}` : "",
    files.length > 0 ? `in ${files.map((file) => oneLine(file, 100)).join(", ")}` : "",
  ];
  const until = lease_until === null ? null : parseTimestamp(lease_until);
  const now = clock.now();
  const lease = until === null ? "" : `Yours until ${localTime(until, now)} (${relativeTime(until, now)}): `;
  return [
    ...broken(title, columns).map((text): readonly Part[] => [{ text, tone: "bold" }]),
    ...more.flatMap(lines),
    ...lines(`  ${facts.filter(Boolean).join("; ")}`),
    ...lines(`  ${oneLine(why, 300)}`),
    ...lines(`  ${lease}p9 wait-queue done ${id}, or release ${id}`),
  ];
}

/** Where a piece of work may be done, by its isolation tier. */
const WHERE: Readonly<Record<string, string>> = {
  none: "touches no code in flight",
  worktree: "in a worktree of its own",
  stacked_branch: "on a branch on top of the one in flight",
};
