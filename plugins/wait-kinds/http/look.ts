import { textAt } from "../../../src/github.ts";
import { type FetchAnswer, type LookContext, type LookResult, ObservationError, oneLine } from "../../../src/plugin.ts";
import { pickValue } from "./value.ts";
import { inRanges, readWanted, type Wanted } from "./wanted.ts";

/** Asks once. An unwanted answer is "not yet"; no answer (DNS, TLS, refused, too slow) is an observation error. */
export async function lookAtUrl(context: LookContext): Promise<LookResult> {
  const wanted = readWanted(context.options);
  const url = textAt(context.pin.identity, "url") ?? "";
  const answer = await context.fetch(url, {
    headers: { "cache-control": "no-cache", ...headersToSend(wanted, context) },
    redirect: context.options.follow === true ? "follow" : "same-origin",
  });
  const { status, reason } = judge(answer, wanted, context.options.follow === true);
  const item = { name: context.pin.ref, state: status, detail: reason, url: pageOf(url) } as const;
  return {
    status,
    reason: `${context.pin.ref}: ${reason}`,
    items: [item],
    settle: { looks: wanted.consecutive, confirmS: 1 },
  };
}

/** The address for a browser, without what may be a secret in it. */
function pageOf(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

function judge(
  answer: FetchAnswer,
  wanted: Wanted,
  follow: boolean,
): { status: "running" | "succeeded" | "failed"; reason: string } {
  const code = codeOf(answer, follow);
  if (inRanges(answer.status, wanted.failStatus)) return { status: "failed", reason: code };
  if (!inRanges(answer.status, wanted.status)) return { status: "running", reason: `${code}, not yet what is wanted` };
  if (wanted.pointer === null && wanted.header === null && wanted.body === null)
    return { status: "succeeded", reason: code };
  const value = pickValue(answer, wanted);
  if (value === null) return { status: "running", reason: `${code}, and no value where one is wanted` };
  const shown = JSON.stringify(oneLine(value, 80));
  if (wanted.failure.includes(value)) return { status: "failed", reason: `${code}, the value is ${shown}` };
  if (wanted.success.length === 0 ? wanted.failure.length === 0 : wanted.success.includes(value)) {
    return { status: "succeeded", reason: `${code}, the value is ${shown}` };
  }
  return { status: "running", reason: `${code}, the value is ${shown}, not yet what is wanted` };
}

/** The status, and the redirect that was followed to it or that was not. */
function codeOf({ status, headers, url }: FetchAnswer, follow: boolean): string {
  const code = `HTTP ${status}${url ? ` after a redirect to ${oneLine(url, 120)}` : ""}`;
  const { location } = headers;
  if (status < 300 || status > 399 || location === undefined) return code;
  const why = follow ? "with what is sent, or to plain http" : "--follow";
  return `${code}, a redirect to "${oneLine(location.replace(/[?#].*$/, ""), 120)}" that is not followed (${why})`;
}

function headersToSend({ send }: Wanted, { env }: LookContext): Record<string, string> {
  return Object.fromEntries(
    send.map(({ name, value }) => {
      if (!value.startsWith("env:")) return [name, value];
      const variable = value.slice("env:".length);
      const found = env[variable];
      if (found) return [name, found];
      const needs = `the environment variable ${variable}`;
      throw new ObservationError(`Cannot send the header "${name}": ${variable} is not set`, { needs, lasting: true });
    }),
  );
}
