import { asciiJson, isObject } from "../base/json.ts";
import { fullName, repoFields } from "./repo.ts";

/**
 * Rows and documents name a repository in two fields, `repo` and `host` (contract, version 2); inside p9 it is one full name.
 * Only these functions convert between them.
 */

/** One ASCII line of a row with its own repository as `repo` and `host`; nested objects stay as they are. */
export function rowText(row: object): string {
  const { repo } = row as { repo?: unknown };
  return asciiJson(typeof repo === "string" ? { ...row, ...repoFields(repo) } : row);
}

/** A copy in which every object's `repo` is `owner/name`, with its `host` beside it unless that is github.com. */
export function withHosts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withHosts);
  if (!isObject(value)) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withHosts(member)]));
  const { repo } = value;
  return typeof repo === "string" && typeof value.host !== "string" ? { ...copy, ...repoFields(repo) } : copy;
}

/** A row as read, with `repo` as the full name of its `repo` and `host`. */
export function withFullName<R extends Record<string, unknown>>(row: R): R {
  const { repo, host } = row;
  return typeof repo === "string" && typeof host === "string" ? { ...row, repo: fullName(host, repo) } : row;
}
