import { counted, oneLine, visible } from "../../../base/text.ts";
import type { Asked } from "../../../trust/trust.ts";

/** What one answer decides about: a new entry, or all entries that the same changed files belong to. */
export interface Question {
  readonly entries: readonly Asked[];
  /** What is agreed to by a yes, whole. */
  readonly text: string;
  readonly prompt: string;
}

/** The questions of `p9 trust`, in the order of the entries. A change that several entries share is asked about once. */
export function questionsOf(asked: readonly Asked[]): readonly Question[] {
  const groups = new Map<string, Asked[]>();
  for (const one of asked) {
    const key = one.state === "changed" ? changeOf(one) : `entry ${one.subject}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].map((entries) => {
    const [first] = entries;
    return entries.length === 1 && first ? aboutOne(first) : aboutChange(entries);
  });
}

/** The name of an entry in one visible line. */
export const nameOf = ({ subject }: Pick<Asked, "subject">): string => visible(oneLine(subject, 200));

function aboutOne(one: Asked): Question {
  const text = `${nameOf(one)}\n${indented(one.content)}\n${sent(one)}${stateOf(one)}`;
  return { entries: [one], text, prompt: `Trust "${nameOf(one)}" as shown above? [y/N] ` };
}

/** Entries whose own texts are, byte for byte, those that were agreed to. */
function aboutChange(entries: readonly Asked[]): Question {
  const names = entries.map((one) => listed(nameOf(one)));
  const [first] = entries;
  const text = [
    `${counted(entries.length, "entry", "entries")} whose own texts are as they were trusted:`,
    ...names,
    first ? stateOf(first) : "",
  ].join("\n");
  return { entries, text, prompt: `Trust these ${entries.length} with the files as they are now? [y/N] ` };
}

const changeOf = ({ changed, since, base }: Asked) =>
  JSON.stringify(["change", since, [...changed].sort(), base?.commit, Object.keys(base?.files ?? {}).sort()]);

/** Where an entry that runs nothing sends to, and which variables of the user's go along. */
function sent({ content, base }: Asked): string {
  if (base !== null) return "";
  const hosts = found(content, /\bhttps?:\/\/([^\s/"'?#\\]+)/g);
  const variables = found(content, /\benv:([A-Za-z_][A-Za-z0-9_]*)/g).map((name) => `$${name}`);
  if (hosts.length === 0) return "";
  return `  sends ${variables.length > 0 ? `${variables.join(", ")} and ` : ""}a request to ${hosts.map((host) => visible(host)).join(", ")}\n`;
}

const found = (text: string, pattern: RegExp) => [
  ...new Set([...text.matchAll(pattern)].map(([, name]) => name ?? "")),
];

/** What else is agreed to: the state of the repository, and which files of it have changed since it was agreed to. */
function stateOf({ base, changed, since }: Asked): string {
  if (base === null) return "";
  const of = `commit ${base.commit.slice(0, 12)}`;
  const own = Object.keys(base.files).sort();
  const lines = [`  with what can run at ${of}: p9 asks again when any of it changes`];
  if (own.length > 0)
    lines.push(`  and with ${counted(own.length, "change")} here that ${of} does not have:`, ...own.map(listed));
  if (since !== null) {
    lines.push(
      `  ${counted(changed.length, "file")} that can run changed since it was trusted:`,
      ...[...changed].sort().map(listed),
      `  git diff ${since.slice(0, 12)} shows what changed in them`,
    );
  }
  return `${lines.join("\n")}\n`;
}

const listed = (path: string) => `    ${visible(path).replaceAll("\n", "\\u{a}")}`;

/** The very content that is hashed, character by character: nobody should agree to what was not shown. */
function indented(content: string): string {
  return visible(content)
    .split("\n")
    .map((line) => `  | ${line}`)
    .join("\n");
}
