import type { MergeFacts } from "../facts.ts";
import { list, name } from "./unmet.ts";

/** Whose move a missing review is: of those who are asked for it; where no code owner is and one must approve, of whoever asks one. */
export function whoReviews({ awaited, owners, author }: Pick<MergeFacts, "awaited" | "owners" | "author">): string {
  const asked = awaited.length > 0 ? `${list(awaited.map(name))}: review` : null;
  const isAsked = (owner: string) => awaited.some((one) => isSame(owner, `@${one}`));
  if (owners === null || owners.length === 0 || owners.some(isAsked))
    return asked ?? "a reviewer with write access: review";
  const others = owners.filter((owner) => !isSame(owner, `@${author}`));
  // GitHub lets nobody approve a change of their own.
  const move =
    others.length > 0
      ? `ask a code owner: ${list(others.map(name))}`
      : `an admin: name another code owner, the only one is the author ${name(author)}`;
  return asked === null ? move : `${asked}; and ${move}`;
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
