import { createHash } from "node:crypto";
import { oneLine, type Pin, type PluginContext, RefError, type WaitRequest } from "../../../src/plugin.ts";
import { readWanted } from "./wanted.ts";

/** Binds a request to a URL and what is wanted of it. */
export async function pinUrl({ ref, options, network }: WaitRequest, context: PluginContext): Promise<Pin> {
  if (ref === null) throw new RefError("Cannot watch a URL: wanted p9 watch http <url>");
  const url = readUrl(ref);
  const { send } = readWanted(options);
  const variables = send.flatMap(({ value }) => (value.startsWith("env:") ? [value.slice("env:".length)] : []));
  const unset = network ? variables.find((name) => !context.env[name]) : undefined;
  if (unset !== undefined) throw new RefError(`Cannot watch ${url.host}: the variable "${unset}" is not set`);
  // The request is part of the identity; only a header's name is, because its value may be a secret.
  const asked = Object.entries({ ...options, send: send.map(({ name }) => name) });
  const key = createHash("sha256")
    .update(JSON.stringify([url.href, asked.sort()]))
    .digest("hex")
    .slice(0, 16);
  return {
    ref: oneLine(`${url.host}${url.pathname === "/" ? "" : url.pathname}`, 100),
    key: `${url.host}:${key}`,
    repo: null,
    identity: { url: url.href },
    complete: true,
    env: variables,
  };
}

function readUrl(ref: string): URL {
  if (!URL.canParse(ref))
    throw new RefError(`Cannot watch ${JSON.stringify(oneLine(ref))}: wanted a URL with http or https`);
  const url = new URL(ref);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new RefError(`Cannot watch ${JSON.stringify(oneLine(ref))}: wanted a URL with http or https`);
  }
  if (url.username || url.password) {
    throw new RefError(
      `Cannot watch ${url.host}: wanted a URL without a login; send one with --send "authorization: env:NAME"`,
    );
  }
  return url;
}
