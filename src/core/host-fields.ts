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

/**
 * The value with every object's `repo` as `owner/name`, and its `host` beside it unless that is github.com. What needs no change is
 * the same object.
 */
export function withHosts(value: unknown): unknown {
  if (Array.isArray(value)) {
    const members = value.map(withHosts);
    return members.some((member, at) => member !== value[at]) ? members : value;
  }
  if (!isObject(value)) return value;
  let changed: Record<string, unknown> | null = null;
  for (const key of Object.keys(value)) {
    const member = withHosts(value[key]);
    if (member === value[key]) continue;
    changed ??= { ...value };
    changed[key] = member;
  }
  const { repo, host } = value;
  if (typeof repo !== "string" || typeof host === "string") return changed ?? value;
  const fields = repoFields(repo);
  return fields.repo === repo && fields.host === undefined ? (changed ?? value) : { ...(changed ?? value), ...fields };
}

/** A row as read, with `repo` as the full name of its `repo` and `host`. */
export function withFullName<R extends Record<string, unknown>>(row: R): R {
  const { repo, host } = row;
  return typeof repo === "string" && typeof host === "string" ? { ...row, repo: fullName(host, repo) } : row;
}

/**
 * An event as read. Version 1.0 wrote no host, whatever `GH_HOST` was: there the address of the pull request tells it, and the keys
 * that name the repository get it too.
 */
export function withRecordedHost<R extends Record<string, unknown>>(row: R): R {
  if (typeof row.repo !== "string" || typeof row.host === "string") return withFullName(row);
  const ofRow = isObject(row.extra) ? row.extra : row;
  const host = hostOfPin(ofRow.pin, row.repo);
  if (host === null) return row;
  const name = row.repo.toLowerCase();
  const full = (text: unknown) =>
    typeof text === "string" && (text.toLowerCase() === name || text.toLowerCase().startsWith(`${name}#`))
      ? fullName(host, text)
      : text;
  const { pin, key } = ofRow;
  const aliases = isObject(pin) && Array.isArray(pin.aliases) ? { aliases: pin.aliases.map(full) } : {};
  const named = {
    key: full(key),
    pin: isObject(pin) ? { ...pin, key: full(pin.key), repo: full(pin.repo), ...aliases } : pin,
  };
  const repo = fullName(host, row.repo);
  return isObject(row.extra) ? { ...row, repo, extra: { ...row.extra, ...named } } : { ...row, ...named, repo };
}

/** The host in the address of the pinned pull request, unless that is github.com or an address of another repository. */
function hostOfPin(pin: unknown, repo: string): string | null {
  const url = isObject(pin) && isObject(pin.identity) ? pin.identity.url : undefined;
  if (typeof url !== "string" || url.startsWith("https://github.com/")) return null;
  const [, host, path = ""] = /^https?:\/\/([^/]+)\/(.+)$/i.exec(url) ?? [];
  return host && path.toLowerCase().startsWith(`${repo.toLowerCase()}/pull/`) ? host : null;
}
