/** Linear's filters over plain rows: comparators, nested filters, `and`, `or`, `some`, `every`, `length`, `null`. */

type Value = unknown;
type Filter = Record<string, Value>;

const COMPARATORS: Record<string, (value: Value, wanted: Value) => boolean> = {
  eq: (value, wanted) => value === wanted,
  neq: (value, wanted) => value !== wanted,
  in: (value, wanted) => (wanted as Value[]).includes(value),
  nin: (value, wanted) => !(wanted as Value[]).includes(value),
  lt: (value, wanted) => Number(value) < Number(wanted),
  lte: (value, wanted) => Number(value) <= Number(wanted),
  gt: (value, wanted) => Number(value) > Number(wanted),
  gte: (value, wanted) => Number(value) >= Number(wanted),
  eqIgnoreCase: (value, wanted) => lower(value) === lower(wanted),
  neqIgnoreCase: (value, wanted) => lower(value) !== lower(wanted),
  startsWith: (value, wanted) => String(value ?? "").startsWith(String(wanted)),
  startsWithIgnoreCase: (value, wanted) => lower(value).startsWith(lower(wanted)),
  notStartsWith: (value, wanted) => !String(value ?? "").startsWith(String(wanted)),
  endsWith: (value, wanted) => String(value ?? "").endsWith(String(wanted)),
  notEndsWith: (value, wanted) => !String(value ?? "").endsWith(String(wanted)),
  contains: (value, wanted) => String(value ?? "").includes(String(wanted)),
  containsIgnoreCase: (value, wanted) => lower(value).includes(lower(wanted)),
  notContains: (value, wanted) => !String(value ?? "").includes(String(wanted)),
  notContainsIgnoreCase: (value, wanted) => !lower(value).includes(lower(wanted)),
  null: (value, wanted) => (value === null || value === undefined) === wanted,
};

function lower(value: Value): string {
  return String(value ?? "").toLowerCase();
}

function isComparator(filter: Filter): boolean {
  return Object.keys(filter).every((key) => key in COMPARATORS);
}

/** True when `row` (whose relations are objects or arrays of objects) satisfies `filter`. An absent filter matches everything. */
export function matches(row: Value, filter: Filter | null | undefined): boolean {
  if (!filter) return true;
  if (Array.isArray(row)) return matchesCollection(row, filter);
  if (isComparator(filter) && (typeof row !== "object" || row === null || "null" in filter))
    return Object.entries(filter).every(([name, wanted]) => COMPARATORS[name]!(row, wanted));
  if (row === null || row === undefined) return false;
  return Object.entries(filter).every(([name, wanted]) => {
    if (name === "and") return (wanted as Filter[]).every((part) => matches(row, part));
    if (name === "or") return (wanted as Filter[]).some((part) => matches(row, part));
    return matches((row as Filter)[name] ?? null, wanted as Filter);
  });
}

function matchesCollection(rows: Value[], filter: Filter): boolean {
  const { some, every, length, and, or, ...direct } = filter;
  if (some && !rows.some((row) => matches(row, some as Filter))) return false;
  if (every && !rows.every((row) => matches(row, every as Filter))) return false;
  if (length && !matches(rows.length, length as Filter)) return false;
  if (and && !(and as Filter[]).every((part) => matchesCollection(rows, part))) return false;
  if (or && !(or as Filter[]).some((part) => matchesCollection(rows, part))) return false;
  return Object.keys(direct).length === 0 || rows.some((row) => matches(row, direct));
}

/** One page as Linear gives it: 50 rows unless asked otherwise, at most 250. */
export function page<T extends { id: string }>(
  rows: T[],
  args: { first?: number | null; after?: string | null },
): object {
  const first = args.first ?? 50;
  if (first > 250 || first < 1) throw new Error("Argument Validation Error: first must not be greater than 250");
  const start = args.after ? rows.findIndex((row) => row.id === args.after) + 1 : 0;
  const nodes = rows.slice(start, start + first);
  const pageInfo = {
    hasNextPage: start + first < rows.length,
    hasPreviousPage: start > 0,
    startCursor: nodes[0]?.id ?? null,
    endCursor: nodes.at(-1)?.id ?? null,
  };
  return { nodes, pageInfo };
}
