import type { GraphQLFieldResolver, GraphQLResolveInfo } from "graphql";
import { type Refusal, refusalError } from "./refusals.ts";

/**
 * A part of an answer that is missing: the field is null, or one node of a list, and `errors` says why; all else is there.
 *
 * Sources: GitHub changelog 2025-09-01 and "Rate limits and query limits for the GraphQL API", "Other resource limits": "return partial
 * results along with an error"; FORBIDDEN beside data: fwouts/prmonitor#1042, jasperapp/jasper#187; nulls that bubble: GraphQL, 6.4.4.
 */
export interface Hole {
  /** `Type.field` of GitHub's schema, for instance `StatusCheckRollup.contexts`. */
  field: string;
  /**
   * Why. `repeats`: the page says that another follows and gives the cursor that it was asked with. `counts`: `totalCount` says one more than
   * there is. Neither has an error beside it.
   */
  what: Refusal | "repeats" | "counts";
  /** Which page of a connection, counted from 1. Default: all. */
  page?: number;
  /** Which node of that page goes missing, counted from 0; the rest stays. */
  node?: number;
  /** Only where the answer's path leads through this alias or field. */
  under?: string;
  /** Seconds from now until it begins. Default 0. */
  after?: number;
  /** Seconds it lasts. Default: for ever, or until `times` is used up. */
  lasts?: number;
  /** How often it is met. Default: always. */
  times?: number;
}

/** The holes of one world. */
export class Holes {
  readonly #now: () => number;
  #list: { hole: Hole; from: number; left: number }[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Adds one. */
  add(hole: Hole): void {
    const from = this.#now() + (hole.after ?? 0) * 1000;
    this.#list.push({ hole, from, left: hole.times ?? Number.POSITIVE_INFINITY });
  }

  /** Removes all. */
  clear(): void {
    this.#list = [];
  }

  /** Whether there is any, so that worlds without holes pay nothing. */
  get any(): boolean {
    return this.#list.length > 0;
  }

  /** The hole that this field meets now, if any; counts it. */
  take(args: Record<string, unknown>, info: GraphQLResolveInfo): Hole | undefined {
    const now = this.#now();
    const name = `${info.parentType.name}.${info.fieldName}`;
    const hit = this.#list.find(({ hole, from, left }) => {
      const running = now >= from && (hole.lasts === undefined || now < from + hole.lasts * 1000);
      if (!running || left <= 0 || hole.field !== name) return false;
      return (hole.page ?? pageOf(args)) === pageOf(args) && (!hole.under || leadsThrough(info, hole.under));
    });
    if (hit) hit.left -= 1;
    return hit?.hole;
  }
}

/** Resolves as GraphQL does by itself, and leaves holes where they are wanted. */
export function withHoles(holes: Holes, resolve: GraphQLFieldResolver<unknown, unknown>): typeof resolve {
  return (source, args: Record<string, unknown>, context, info) => {
    const hole = holes.take(args, info);
    if (!hole) return resolve(source, args, context, info);
    if (hole.what !== "repeats" && hole.what !== "counts" && hole.node === undefined)
      throw refusalError(hole.what, info);
    return spoiled(hole, args, info, resolve(source, args, context, info));
  };
}

interface Connection {
  nodes?: unknown[];
  totalCount?: number;
  pageInfo?: { hasNextPage: boolean; endCursor: string | null };
}

/** A connection with the hole in it. */
function spoiled(hole: Hole, args: Record<string, unknown>, info: GraphQLResolveInfo, found: unknown): unknown {
  if (typeof found !== "object" || found === null) return found;
  const connection: Connection = found;
  if (hole.what === "counts") return { ...connection, totalCount: (connection.totalCount ?? 0) + 1 };
  if (hole.what === "repeats") {
    const endCursor = typeof args.after === "string" ? args.after : (connection.pageInfo?.endCursor ?? null);
    return { ...connection, pageInfo: { ...connection.pageInfo, hasNextPage: true, endCursor } };
  }
  const error = refusalError(hole.what, info);
  return { ...connection, nodes: connection.nodes?.map((node, index) => (index === hole.node ? error : node)) };
}

function pageOf(args: Record<string, unknown>): number {
  const { after, first } = args;
  if (typeof after !== "string" || typeof first !== "number") return 1;
  const index = Number(Buffer.from(after, "base64").toString().slice("cursor:".length));
  return Math.floor((index + 1) / first) + 1;
}

function leadsThrough(info: GraphQLResolveInfo, key: string): boolean {
  for (let at: GraphQLResolveInfo["path"] | undefined = info.path; at; at = at.prev) if (at.key === key) return true;
  return false;
}
