/** One way in which a test runner names a failing test. */
export interface Naming {
  readonly runner: string;
  /** Literals, one of which stands on the line: the cheap first test. */
  readonly find: readonly string[];
  /** Matches the line; the first group that is set is the test's name. */
  readonly name: RegExp;
  /** A line that it matches; a test checks it. */
  readonly example: string;
  /** What the line above must be. */
  readonly below?: RegExp;
  /** What one of the next three lines must be. */
  readonly above?: RegExp;
  /** The failure's text stands above the name, down from a line that this matches. */
  readonly since?: RegExp;
  /** The first line of the failure's text that a reader needs, where the common shapes do not know it. */
  readonly says?: RegExp;
  /** Where the failure's text ends, apart from the next name. */
  readonly end?: RegExp;
  /** The name goes on in the deeper lines below. */
  readonly joins?: boolean;
  /** The line stands in a list of failures, without a text of its own. */
  readonly listed?: boolean;
  /** The shape is common: it names a test only where something else says that tests failed. */
  readonly weak?: boolean;
}

/** The rarer properties of a {@link NamingRow}; see {@link Naming}. */
export type NamingOptions = Partial<Omit<Naming, "runner" | "find" | "name" | "example">>;

/** A naming as the tables write it. Rows of one runner stand in order of preference. */
export type NamingRow = readonly [
  runner: string,
  find: string | readonly string[],
  name: RegExp,
  example: string,
  options?: NamingOptions,
];

/** Turns the rows of one table into namings. */
export function namings(rows: readonly NamingRow[]): readonly Naming[] {
  return rows.map(([runner, find, name, example, options]) => {
    return { runner, find: typeof find === "string" ? [find] : find, name, example, ...options };
  });
}
