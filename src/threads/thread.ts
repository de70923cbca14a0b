/** A comment of a review thread. Text from outside: redacted, clipped, without control characters. */
export interface ThreadComment {
  readonly author: string;
  /** ISO time. */
  readonly at: string;
  readonly text: string;
  readonly url: string;
}

/** A review thread, or a finding in a check: an entry of the document of `p9 threads --json`. Texts are from outside. */
export interface Thread {
  /** GitHub's node id; of a finding `annotation:<check run>:<index>`. */
  readonly id: string;
  readonly path: string;
  /** Line of the file as it is now; null for a file as a whole, and where the line is gone. */
  readonly line: number | null;
  /** `LEFT`: of the file before the change. `RIGHT`: after it. */
  readonly side: string;
  /** The part of the diff that it is about. */
  readonly hunk: string;
  /** Who began it; of an app without `[bot]`. */
  readonly author: string;
  /** The author's part in the repository: `OWNER`, `MEMBER`, `COLLABORATOR`, `CONTRIBUTOR`, `NONE` … */
  readonly association: string;
  /** Of a finding in a check what GitHub calls its level: `notice`, `warning`, `failure`; null: it is a thread. */
  readonly level: string | null;
  readonly bot: boolean;
  /** Whether the author is one of the repository's people, or a reviewer that p9 knows: only their threads become work. */
  readonly trusted: boolean;
  /** Whether the lines that it is about have changed since. */
  readonly outdated: boolean;
  readonly resolved: boolean;
  /** Whether the last comment is a reply of the login that asks, and nobody has edited theirs since. */
  readonly replied: boolean;
  /** When somebody else last wrote or edited in it (ISO time); null: nobody has. */
  readonly said_at: string | null;
  /** Whether it is, and a commit was pushed since the thread was begun. */
  readonly answered: boolean;
  readonly comments: readonly ThreadComment[];
  readonly url: string;
}

const FINDING = "annotation:";

/** The id of a finding in a check: of that head only, and nothing that GitHub lets anybody answer. */
export function findingId(check: number, index: number): string {
  return `${FINDING}${check}:${index}`;
}

/** Whether an id is of a finding in a check. */
export function isFindingId(id: string): boolean {
  return id.startsWith(FINDING);
}

/** Names a thread as a piece of work: its id is its own on all of GitHub. */
export function threadKey(repo: string, number: number, id: string): string {
  return `${repo}#${number}:${id}`;
}

/** Whether a key of a piece of work names a thread. */
export function isKeyOf(key: string, id: string): boolean {
  return key.endsWith(`:${id}`);
}
