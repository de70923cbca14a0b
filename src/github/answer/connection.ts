import { at, isTrueAt, numberAt, textAt } from "../read.ts";
import { type Hole, hole, holeOf } from "./hole.ts";
import { isTooMuch, type PieceAnswer, problemAt } from "./problem.ts";

/** The nodes that were read of a list. */
export interface Connection {
  readonly nodes: readonly unknown[];
  /** Null: the list is complete. Else there are or may be more nodes. */
  readonly hole: Hole | null;
}

/** How a list is read. */
export interface Reading {
  /** Path from the repository to the connection. */
  readonly path: readonly (string | number)[];
  /** Requests a page of `size` nodes after a cursor (null: the first page). Without `next`, a second page is a hole. */
  readonly next?: (after: string | null, size: number) => Promise<PieceAnswer>;
  /** Whether a node stays usable without a field; the path of the field begins at the connection. */
  readonly optional?: (inside: readonly (string | number)[]) => boolean;
}

/** Nodes of a page, and of a smaller one after GitHub could not finish a page. */
const PAGE = 100;
const SMALL_PAGE = 25;
/** Number of nodes that are read at most. */
const MAX_NODES = 3000;
/** Number of pages: all of them small ones, and no more when they are empty. */
const MAX_PAGES = MAX_NODES / SMALL_PAGE;

/**
 * Reads a list that GitHub gives in pages; every such list is read here. The result has a hole when a page, a node or a field is null
 * with a message about it, a cursor repeats, `totalCount` exceeds the nodes that were shown, or the list is too long.
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
    if (!next || nodes.length >= MAX_NODES || asked.size >= MAX_PAGES)
      return end(hole(`there are more than ${nodes.length}`));
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
  // An optional field that the schema declares non-null makes its whole node null.
  const telling = problem ?? (nodes.length < list.length ? problemAt(problems, path) : null);
  return {
    nodes,
    hole: telling ? holeOf(telling) : nodes.length < list.length ? hole("a part of it is null") : null,
    more: isTrueAt(data, ...path, "pageInfo", "hasNextPage"),
    cursor: textAt(data, ...path, "pageInfo", "endCursor"),
    total: numberAt(data, ...path, "totalCount"),
  };
}

/** Arguments of a connection in a query: number of nodes, and cursor. */
export function pageArguments(after: string | null = null, size: number = PAGE): string {
  return `first: ${size}${after === null ? "" : `, after: ${JSON.stringify(after)}`}`;
}

/** Fields that {@link readConnection} needs to find out whether a list is complete. */
export const PAGE_FIELDS = "totalCount pageInfo { hasNextPage endCursor }";
