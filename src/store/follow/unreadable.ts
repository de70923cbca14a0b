/** A line of a log that could not be read: why, in a few words. */
export interface Unreadable {
  readonly unreadable: string;
}

/** Where an unreadable line stands, and why it is none. */
export interface BadLine {
  readonly offset: number;
  readonly why: string;
}

/** Whether a parsed line was no row. */
export function isUnreadable(parsed: object): parsed is Unreadable {
  return "unreadable" in parsed;
}
