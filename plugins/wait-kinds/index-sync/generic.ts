import { at, listAt, textAt } from "../../../src/github.ts";
import { type Json, oneLine, RefError } from "../../../src/plugin.ts";
import type { Provider } from "../../../src/provider.ts";

/** Headers that carry credentials: their value must come from the environment. */
const SECRET = /auth|token|key|cookie|secret|password/i;

/**
 * A provider made of a URL and a few words (`state`, `success`, `failure`, or `count` and `expect`): the short form of
 * `ci_watch.index_sync` and of the command line.
 *
 * @throws {RefError} naming what is missing.
 */
export function genericProvider(spec: Readonly<Record<string, Json | undefined>>, name: string): Provider {
  const url = textAt(spec, "url") ?? "";
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new RefError(`Cannot watch "${oneLine(url)}": wanted an http or https URL`);
  const { origin, pathname, search, username, password } = new URL(url);
  if (username || password) throw new RefError("Cannot use a URL with a password in it: give a header with a variable");
  return {
    name: "http-json",
    title: oneLine(name, 60),
    waits: "index-sync",
    checked: "by whoever wrote it",
    base: { url: origin },
    headers: headersOf(spec.headers),
    label: "{target}",
    request: {
      path: `${pathname}${search}`.replaceAll("{", "%7B"),
      method: textAt(spec, "method") === "POST" ? "POST" : "GET",
      ...(spec.body === undefined ? {} : { body: spec.body }),
    },
    ...(textAt(spec, "count") === null ? byState(spec) : byCount(spec)),
    reason: [textAt(spec, "error")].filter((pointer) => pointer !== null).map(pointer),
    evidence: { lines: pointer(textAt(spec, "error") ?? "/error") },
  };
}

/** Done when the state is one of `success`; anything that is in neither list is running. */
function byState(spec: Readonly<Record<string, Json | undefined>>): Partial<Provider> {
  const state = textAt(spec, "state");
  if (state === null)
    throw new RefError(
      'Cannot watch a URL without "state" (where the state stands) or "count" (where a number stands)',
    );
  const [success, failure, running] = [texts(spec.success), texts(spec.failure), texts(spec.running)];
  if (success.length === 0)
    throw new RefError('Cannot watch a URL without "success": the values of the state that mean done');
  const known = running.length > 0 ? { running } : {};
  const progress = {
    percent: pathAt(spec, "percent"),
    done: pathAt(spec, "done"),
    total: pathAt(spec, "total"),
    phase: pathAt(spec, "phase"),
  };
  return {
    state: pointer(state),
    states: { succeeded: success, failed: failure, ...known },
    progress: defined(progress),
  };
}

/** Done when a number is reached, or (without `expect`) when it stays the same for `stable` looks. */
function byCount(spec: Readonly<Record<string, Json | undefined>>): Partial<Provider> {
  const count = pointer(textAt(spec, "count") ?? "");
  const expected = spec.expect !== undefined;
  const stable = Number(spec.stable ?? (expected ? 1 : 3));
  if (!Number.isInteger(stable) || stable < 1)
    throw new RefError(`Cannot use "stable" ${JSON.stringify(spec.stable)}: wanted a number of looks`);
  return {
    label: "{target} {counted}",
    values: { counted: count },
    rules: expected
      ? [{ when: [{ at: count, atLeast: "{expect}" }], is: "succeeded", reason: `{${count}} are there` }]
      : [{ when: [{ at: count, atLeast: 1 }], is: "succeeded", reason: `{${count}} are there, and no more come` }],
    otherwise: "running",
    progress: { done: count, ...(expected ? { total: "{expect}" } : {}) },
    settle: { looks: stable, confirmS: Number(spec["stable-interval"] ?? 10) },
  };
}

function headersOf(headers: Json | undefined): Record<string, string> {
  const given = Array.isArray(headers)
    ? headers.map(pairOf)
    : Object.entries(typeof headers === "object" && headers !== null ? headers : {});
  return Object.fromEntries(
    given.map(([name, value]) => {
      const text = String(value);
      if (SECRET.test(name) && !/\{env:\w+\??\}/.test(text)) {
        throw new RefError(
          `Cannot send the header "${oneLine(name, 40)}" as it stands: name its variable, as "{env:NAME}"`,
        );
      }
      return [name.toLowerCase(), text];
    }),
  );
}

function pairOf(header: Json): [string, string] {
  const [, name, value] = /^([A-Za-z0-9-]+):\s*(.*)$/.exec(String(header)) ?? [];
  if (name === undefined || value === undefined) throw new RefError(`Cannot read a header: wanted "Name: value"`);
  return [name, value];
}

/** `/a/b` as it is, `a.b` as people write it. */
function pointer(text: string): string {
  return text === "" || text.startsWith("/") ? text : `/${text.replaceAll(".", "/")}`;
}

function pathAt(spec: unknown, key: string): string | undefined {
  const found = textAt(spec, key) ?? textAt(at(spec, "progress"), key);
  return found === null ? undefined : pointer(found);
}

function texts(value: Json | undefined): string[] {
  return (Array.isArray(value) ? listAt({ value }, "value") : value === undefined || value === null ? [] : [value]).map(
    String,
  );
}

function defined<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as Partial<T>;
}
