/** Arguments of a connection. */
export interface Page {
  first?: number | null;
  last?: number | null;
  after?: string | null;
  before?: string | null;
}

const cursorOf = (index: number) => Buffer.from(`cursor:${index}`).toString("base64");
const indexOf = (cursor: string) => Number(Buffer.from(cursor, "base64").toString().slice("cursor:".length));

/** One page of a list, as Relay describes it. A node may be an error: then that node is null and the rest stands. */
export function connection<T, V>(items: readonly T[], page: Page, view: (item: T) => V) {
  const from = page.after ? indexOf(page.after) + 1 : 0;
  const to = page.before ? indexOf(page.before) : items.length;
  const start = page.last ? Math.max(from, to - page.last) : from;
  const end = page.first ? Math.min(to, start + page.first) : to;
  const shown = items.slice(start, end);
  const nodes = shown.map(view);
  return {
    totalCount: items.length,
    nodes,
    edges: () => nodes.map((node, index) => ({ node, cursor: cursorOf(start + index) })),
    pageInfo: {
      hasNextPage: end < items.length,
      hasPreviousPage: start > 0,
      startCursor: shown.length > 0 ? cursorOf(start) : null,
      endCursor: shown.length > 0 ? cursorOf(end - 1) : null,
    },
  };
}
