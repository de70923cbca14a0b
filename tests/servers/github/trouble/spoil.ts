import type { Reply } from "../rest/reply.ts";
import type { World } from "../world.ts";
import type { Fault } from "./faults.ts";
import { refusalReply } from "./refusals.ts";

const secondary = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";

/** The answer that a fault puts in place of the true one. */
export function spoil(world: World, fault: Fault, isQuery: boolean): Reply {
  const { kind, retryAfter = 60 } = fault;
  const later = { "retry-after": String(retryAfter) };
  switch (kind) {
    case "502":
      return page(502, "502 Bad Gateway");
    case "503":
      return page(503, "503 Service Unavailable");
    case "504":
      return page(504, "504 Gateway Time-out");
    case "proxy-403":
    case "proxy-404":
    case "proxy-407":
      return page(Number(kind.slice(-3)), "The requested URL could not be retrieved");
    case "html":
      return page(200, "Sign in to the network");
    case "500":
      return { status: 500, body: { message: "Server Error" } };
    case "empty":
      return { status: 200, body: { data: null } };
    case "404":
      return { status: 404, body: { message: "Not Found" } };
    case "401":
      return { status: 401, body: { message: "Bad credentials" } };
    case "secondary":
      return { status: 403, body: { message: secondary }, headers: later };
    case "secondary-bare":
      return { status: 403, body: { message: secondary } };
    case "secondary-429":
      return { status: 429, body: { message: secondary }, headers: later };
    case "secondary-200":
      return { status: 200, body: { data: null, errors: [{ message: secondary }] }, headers: later };
    case "timeout":
      return { status: 200, body: { data: null, errors: [{ message: timedOut }] } };
    case "rate-limit":
      return exhausted(world, retryAfter, isQuery);
    case "hang":
    case "drop":
      throw new Error(`A request that meets "${kind}" has no answer`);
    default:
      return refusalReply(kind, isQuery);
  }
}

// As GitHub words it when a query took too long or broke (cli/cli and many others quote it).
const timedOut =
  "Something went wrong while executing your query. This may be the result of a timeout, or it could be a GitHub bug. Please include `0000:1111` when reporting this issue.";

function page(status: number, title: string): Reply {
  const body = `<!DOCTYPE html><html><head><title>${title}</title></head><body>${title}</body></html>`;
  return { status, body, headers: { "content-type": "text/html" } };
}

function exhausted(world: World, seconds: number, isQuery: boolean): Reply {
  world.rate.exhaust(seconds);
  const message = "API rate limit exceeded for user ID 1.";
  return isQuery
    ? { status: 200, body: { errors: [{ type: "RATE_LIMITED", message }] } }
    : { status: 403, body: { message } };
}
