import { at, isTrueAt, numberAt, textAt } from "../read.ts";
import { type Hole, hole, holeOf } from "./hole.ts";
import { isTooMuch, type PieceAnswer, problemAt } from "./problem.ts";

/** What was read of a list of GitHub's. */
export interface Connection {
  readonly nodes: readonly unknown[];
  /** Null: the list was read to its end. Else there is more than `nodes`, or may be. */
  readonly hole: Hole | null;
}

/** How a list is read. */
export interface Reading {
  /** Names from the repository to the connection. */
  readonly path: readonly (string | number)[];
  /** Asks for a page: after that cursor (null: the first), of so many nodes. Without it a second page is a hole. */
  readonly next?: (after: string | null, size: number) => Promise<PieceAnswer>;
  /** Whether a field may be missing without making its node worthless; its path begins at the connection. */
  readonly optional?: (inside: readonly (string | number)[]) => boolean;
}

/** Nodes of a page, and of a page that is asked for again because GitHub could not do so many at once. */
export const PAGE = 100;
const SMALL_PAGE = 25;
/** Nodes that are read at most. */
const MAX_NODES = 3000;

/**
 * THE READER of every list that GitHub gives in pages. A page, a node or a field that is null with a message about it, a cursor that comes
 * back, a count that says more than was shown and a list without end are holes: what was read is given, and never passes for all there is.
 */
export async function readConnection(first: PieceAnswer, reading: Reading): Promise<Connection> {
  const { next } = reading;
  const nodes: unknown[] = [];
  const asked = new Set<string | null>([null]);
  const end = (found: Hole | null): Connection => ({ nodes, hole: gap ?? found });
  let gap: Hole | null = null;
  let size = PAGE;
  let after: string | null = null;
  let page = readPage(first, reading);
  for (;;) {
    if (next && size === PAGE && page.hole?.problem && isTooMuch(page.hole.problem)) {
      size = SMALL_PAGE;
      page = readPage(await next(after, size), reading);
    }
    nodes.push(...page.nodes);
    gap ??= page.hole;
    if (!page.more) return end(missed(nodes.length, page.total));
    if (page.cursor === null || asked.has(page.cursor)) return end(hole("its pages do not go on"));
    if (!next || nodes.length >= MAX_NODES) return end(hole(`there are more than ${nodes.length}`));
    asked.add(page.cursor);
    after = page.cursor;
    page = readPage(await next(after, size), reading);
  }
}

function missed(read: number, total: number | null): Hole | null {
  return total !== null && total > read ? hole(`it says ${total} and shows ${read}`) : null;
}

function readPage({ data, problems }: PieceAnswer, { path, optional }: Reading) {
  const problem = problemAt(problems, path, optional);
  const list = at(data, ...path, "nodes");
  if (!Array.isArray(list)) {
    const absent = problem ? holeOf(problem) : hole("it is not there");
    return { nodes: [], hole: absent, more: false, cursor: null, total: null };
  }
  const nodes = list.filter((node: unknown) => node !== null && node !== undefined);
  // A field that may be missing takes its node with it when the schema says that it cannot be null.
  const telling = problem ?? (nodes.length < list.length ? problemAt(problems, path) : null);
  return {
    nodes,
    hole: telling ? holeOf(telling) : nodes.length < list.length ? hole("a part of it is null") : null,
    more: isTrueAt(data, ...path, "pageInfo", "hasNextPage"),
    cursor: textAt(data, ...path, "pageInfo", "endCursor"),
    total: numberAt(data, ...path, "totalCount"),
  };
}

/** What stands in a query behind the name of a connection: how many, and after which cursor. */
export function pageArguments(after: string | null = null, size: number = PAGE): string {
  return `first: ${size}${after === null ? "" : `, after: ${JSON.stringify(after)}`}`;
}

/** The fields of a connection by which {@link readConnection} knows that it is whole. */
export const PAGE_FIELDS = "totalCount pageInfo { hasNextPage endCursor }";
