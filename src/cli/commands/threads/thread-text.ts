import { oneLine, pathName } from "../../../base/text.ts";
import { mayAnswer, type ReplyPolicy } from "../../../threads/may-answer.ts";
import type { Thread } from "../../../threads/thread.ts";
import { broken, flow, type Part } from "../../show/styled.ts";

/** Lines of a comment that are shown to people; `--json` has all. */
const SHOWN = 12;

/**
 * A thread for people: where it is and who began it, then each comment as a quotation, so that nothing of it reads as p9's own words, then
 * what can be done about it: its answer only where the policy lets p9 give one. `over`: the pull request is closed, and nothing is to be done.
 */
export function threadLines(
  thread: Thread,
  { columns, reply, over }: { readonly columns: number | null; readonly reply: ReplyPolicy; readonly over: boolean },
): readonly (readonly Part[])[] {
  const place = `${pathName(thread.path, 120)}${thread.line === null ? "" : `:${thread.line}`}`;
  const marks = [
    ...(thread.bot ? ["bot"] : thread.association === "NONE" ? [] : [thread.association.toLowerCase()]),
    ...(thread.trusted ? [] : ["not of this repository"]),
    ...(thread.level === null ? [] : [`${oneLine(thread.level, 20)} in a check`]),
    ...(thread.outdated ? ["outdated"] : []),
    ...(thread.resolved ? ["resolved"] : []),
  ];
  const head = [
    { text: place, tone: "bold" as const, href: thread.url },
    `${oneLine(thread.author, 40)} (${marks.join(", ")})`,
  ];
  const comments = thread.comments.flatMap(({ author, text }, at) => [
    ...(at === 0 ? [] : [[`  ${oneLine(author, 40)}:`]]),
    ...quotation(text, columns),
  ]);
  const move = over ? null : moveOf(thread, reply);
  return [...flow(head, columns, 4), ...comments, ...(move ? [[{ text: `  ${move}`, tone: "dim" as const }]] : [])];
}

/** What can be done about a thread, or null. */
function moveOf(thread: Thread, reply: ReplyPolicy): string | null {
  if (thread.resolved) return null;
  if (thread.level !== null) return "fix it and push: the next check clears it";
  const id = oneLine(thread.id, 60);
  if (thread.answered) return `answered, and pushed since: p9 threads resolve ${id}`;
  if (thread.replied) return `answered; push the fix, and p9 watch review resolves it [${id}]`;
  if (mayAnswer(thread, reply)) return `p9 threads reply ${id} --body "<your answer>"`;
  const who = `a person answers and resolves it (ci_watch.reviews.reply is ${reply}) [${id}]`;
  return thread.trusted ? `fix it and push; ${who}` : `whether it is work, the user says; ${who}`;
}

function quotation(text: string, columns: number | null): (readonly Part[])[] {
  const lines = text.split("\n");
  const rest = lines.length > SHOWN ? [`[${lines.length - SHOWN} more lines: --json]`] : [];
  const width = columns === null ? null : columns - 4;
  return [...lines.slice(0, SHOWN), ...rest].flatMap((line) =>
    broken(line.replaceAll("\t", "  "), width).map((piece) => [{ text: `  | ${piece}` }]),
  );
}
