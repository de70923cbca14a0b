import type { Repo } from "../repo.ts";

/** What the server sends back. */
export interface Reply {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

/** A JSON answer. */
export function json(body: unknown, status = 200): Reply {
  return { status, body };
}

/** A plain text answer. */
export function text(body: string): Reply {
  return { status: 200, body, headers: { "content-type": "text/plain; charset=utf-8" } };
}

/** GitHub's 404. */
export const notFound: Reply = {
  status: 404,
  body: { message: "Not Found", documentation_url: "https://docs.github.com/rest" },
};

/** GitHub's answer to a token without the right. */
export const noAccess: Reply = { status: 403, body: { message: "Resource not accessible by personal access token" } };

/** Where the API of a host is. Source: docs.github.com, "Quickstart for GitHub REST API" of GitHub.com and of Enterprise Server. */
export function apiRoot(host: string): string {
  return host === "github.com" ? "https://api.github.com" : `https://${host}/api/v3`;
}

/** A repository in the API. */
export function apiUrl(repo: Repo): string {
  return `${apiRoot(repo.world.name)}/repos/${repo.fullName}`;
}

/** One page of a list, with GitHub's `link` header. */
export function paged<T>(items: readonly T[], url: URL, wrap: (page: T[]) => unknown): Reply {
  const size = Math.min(100, Number(url.searchParams.get("per_page") ?? 30));
  const page = Number(url.searchParams.get("page") ?? 1);
  const body = wrap(items.slice((page - 1) * size, page * size));
  if (page * size >= items.length) return json(body);
  const next = new URL(url);
  next.searchParams.set("page", String(page + 1));
  return { status: 200, body, headers: { link: `<${apiRoot(next.host)}${next.pathname}${next.search}>; rel="next"` } };
}
