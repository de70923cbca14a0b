import type { Refusal } from "./refusals.ts";

/** How a request goes wrong. */
export type FaultKind =
  /** The whole request is refused, in GitHub's words for that reason. */
  | Refusal
  /** 502 with GitHub's HTML error page. */
  | "502"
  /** 500 with a JSON message. */
  | "500"
  /** 503 with GitHub's HTML error page. */
  | "503"
  /** 504: GitHub ended a request that took more than ten seconds ("Rate limits and query limits", "Timeouts"). */
  | "504"
  /** The connection is closed with no answer. */
  | "drop"
  /** 200, but an HTML page (a proxy's log-in). */
  | "html"
  /** A proxy's own page with that status: nothing in it is GitHub's (Squid's ERR_ACCESS_DENIED, RFC 9110 15.5.8). */
  | "proxy-403"
  | "proxy-404"
  | "proxy-407"
  /** 200 with no data and no error beside it. */
  | "empty"
  /** 401 Bad credentials. */
  | "401"
  /** Both primary budgets are used up; `retryAfter` seconds to the reset. */
  | "rate-limit"
  /** Secondary rate limit: 403 and `retry-after`. */
  | "secondary"
  /** The same without `retry-after`, as GitHub also sends it ("Exceeding the rate limit": "If the header is present"). */
  | "secondary-bare"
  /** The same as 429 ("Rate limits for the REST API", "Exceeding the rate limit"). */
  | "secondary-429"
  /** The same of a GraphQL query, with status 200 ("the response status will be `200` or `403`"). */
  | "secondary-200"
  /** 200 with an error about the whole query and no data. */
  | "timeout"
  /** 404 Not Found. */
  | "404"
  /** The request is taken and never answered. */
  | "hang";

/** When and to what a fault applies. */
export interface Fault {
  kind: FaultKind;
  /** Seconds from now until it begins. Default 0. */
  after?: number;
  /** Seconds it lasts. Default: for ever, or until `times` is used up. */
  lasts?: number;
  /** How many requests it hits. Default: all. */
  times?: number;
  /** Which requests. Default: all. A pattern is tried on the path and, for GraphQL, on the query. */
  match?: "graphql" | "rest" | RegExp;
  /** Seconds, for `rate-limit` and `secondary`. Default 60. */
  retryAfter?: number;
}

/** The faults of one world. */
export class Faults {
  readonly #now: () => number;
  #list: { fault: Fault; from: number; left: number }[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Adds one. */
  add(fault: Fault): void {
    this.#list.push({
      fault,
      from: this.#now() + (fault.after ?? 0) * 1000,
      left: fault.times ?? Number.POSITIVE_INFINITY,
    });
  }

  /** Removes all. */
  clear(): void {
    this.#list = [];
  }

  /** The fault that this request meets, if any; counts it. */
  take(path: string, query: string | null): Fault | undefined {
    const now = this.#now();
    const hit = this.#list.find(({ fault, from, left }) => {
      const running = now >= from && (fault.lasts === undefined || now < from + fault.lasts * 1000);
      return running && left > 0 && matches(fault.match, path, query);
    });
    if (hit) hit.left -= 1;
    return hit?.fault;
  }
}

function matches(match: Fault["match"], path: string, query: string | null): boolean {
  if (match === undefined) return true;
  if (match === "graphql") return query !== null;
  if (match === "rest") return query === null;
  return match.test(path) || (query !== null && match.test(query));
}
