import {
  type FetchAnswer,
  type LookContext,
  ObservationError,
  oneLine,
  outsidePattern,
  type Pattern,
  RefError,
} from "../../../../src/plugin.ts";
import { firstText, type TargetLook, type TargetWatcher, type Values } from "../../../../src/provider.ts";
import { relation } from "./git-relation.ts";

/** "The URL really serves this commit": asked past caches, and believed after consecutive hits, since edges lag. */
const http: TargetWatcher = {
  name: "http",
  title: "HTTP",
  env: [],
  ready: () => true,
  match: async (ref) => (/^https?:\/\/[^\s/]+/i.test(ref) ? { url: ref } : null),
  locate: async (given) => {
    if (given.url !== undefined && !isAddress(given.url))
      throw new RefError(`Cannot watch "${oneLine(given.url)}": wanted an http or https URL without a password`);
    const missing = ["url", "sha"].filter((name) => given[name] === undefined && !(name === "sha" && given.expect));
    return { values: given, missing, how: '"url" (what serves the version): --url, or ci_watch.providers.http.url' };
  },
  look,
};
export default http;

function isAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).password === "";
}

async function look(values: Values, context: LookContext): Promise<TargetLook> {
  const wanted = values.expect ?? values.sha ?? "";
  const answer = await context.fetch(fresh(values.url ?? "", context), {
    headers: { "cache-control": "no-cache", ...headers(values, context) },
    redirect: values.follow === "yes" ? "follow" : "same-origin",
  });
  if (answer.status === 401 || answer.status === 403) {
    throw new ObservationError(`${host(values)} answered HTTP ${answer.status}`, {
      needs: `a header that ${host(values)} accepts`,
      lasting: true,
    });
  }
  if (answer.status >= 400) throw new ObservationError(`${host(values)} answered HTTP ${answer.status}`);
  if (answer.status >= 300) throw new ObservationError(redirected(answer, values));
  const served = versionsIn(answer, values);
  const hit = served.find((one) => isSame(one, wanted, values.expect !== undefined));
  const seen = hit
    ? { status: "succeeded" as const, reason: `it serves ${oneLine(hit, 60)}` }
    : await elsewhere(served, wanted, values, context);
  return {
    ...seen,
    reason: `${host(values)}: ${seen.reason}`,
    values,
    items: [{ name: host(values), state: seen.status, detail: seen.reason, url: oneLine(values.url ?? "", 300) }],
    settle: { looks: Math.max(1, Number(values.consecutive ?? 2)), confirmS: 1 },
  };
}

/** The reason why a redirect to another host is not followed: its version says nothing about this one. */
function redirected({ status, headers: named }: FetchAnswer, values: Values): string {
  const to = oneLine((named.location ?? "").replace(/[?#].*$/, ""), 120);
  return `${host(values)} answered HTTP ${status}: it redirects to "${to}", which is not followed (--param follow=yes)`;
}

/** Judges another version: an older commit is reported as such, a newer one that contains ours counts as success. */
async function elsewhere(
  served: readonly string[],
  wanted: string,
  { expect }: Values,
  context: LookContext,
): Promise<{ status: "running" | "succeeded"; reason: string }> {
  const [first] = served;
  if (first === undefined) return { status: "running", reason: "it names no version that could be read" };
  if (expect !== undefined)
    return { status: "running", reason: `it serves "${oneLine(first, 60)}", not "${oneLine(expect, 60)}"` };
  for (const one of served.filter((text) => /^[0-9a-f]{7,40}$/i.test(text)).slice(0, 5)) {
    const found = await relation(one, wanted, context);
    if (found.is === "older") {
      return {
        status: "running",
        reason: `still on ${one.slice(0, 7)}, ${found.behind} ${found.behind === 1 ? "commit" : "commits"} behind`,
      };
    }
    if (found.is === "newer")
      return {
        status: "succeeded",
        reason: `it serves ${one.slice(0, 7)}, which is newer and contains ${wanted.slice(0, 7)}`,
      };
  }
  return { status: "running", reason: `it serves "${oneLine(first, 60)}", not ${wanted.slice(0, 7)}` };
}

/** The versions in an answer: where `pointer`, `header` or `match` points, else every word that may be a commit. */
function versionsIn({ headers: named, body }: FetchAnswer, { pointer, header, match }: Values): string[] {
  if (header) return named[header.toLowerCase()] === undefined ? [] : [named[header.toLowerCase()]!.trim()];
  if (pointer) return [firstText(json(body), pointer)].filter((text) => text !== undefined);
  if (match) return [expression(match).exec(body)?.[1]].filter((text) => text !== undefined);
  const texts = [
    ...Object.entries(named)
      .filter(([name]) => /version|commit|revision|release|sha/i.test(name))
      .map(([, text]) => text),
    body,
  ];
  return [...new Set(texts.flatMap((text) => text.match(/\b[0-9a-f]{7,40}\b/gi) ?? []))];
}

function isSame(served: string, wanted: string, isText: boolean): boolean {
  if (isText) return served === wanted;
  const text = served.toLowerCase();
  return /^[0-9a-f]{7,40}$/.test(text) && wanted.toLowerCase().startsWith(text);
}

function json(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new ObservationError(`Cannot read the answer: it is no JSON: "${oneLine(body, 60)}"`);
  }
}

function expression(match: string): Pattern {
  try {
    return outsidePattern(match);
  } catch {
    throw new RefError(`Cannot use "${oneLine(match)}": it is no regular expression`);
  }
}

/** A header of its own from the environment, by the name of the variable: `authorization: STATUS_TOKEN`. */
function headers({ auth }: Values, context: LookContext): Record<string, string> {
  if (!auth) return {};
  const value = context.env[auth]?.trim();
  if (!value)
    throw new ObservationError(`Cannot ask: the variable "${auth}" is not set`, {
      needs: `the variable "${auth}"`,
      lasting: true,
    });
  return { authorization: value };
}

/** The URL with a value of its own, past every cache on the way. */
function fresh(url: string, context: LookContext): string {
  const target = new URL(url);
  target.searchParams.set("p9", context.clock.now().toString(36));
  return target.href;
}

function host({ url = "" }: Values): string {
  return URL.canParse(url) ? new URL(url).host : "HTTP";
}
