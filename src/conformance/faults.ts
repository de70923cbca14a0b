import type { Exec, ExecResult } from "../base/exec-types.ts";
import type { Json } from "../base/json.ts";
import { isObject } from "../base/json.ts";
import type { Env, FetchAnswer, PluginContext } from "../contract/context.ts";
import { ObservationError } from "../core/observation.ts";

/** Faults of the outside world. */
export const FAULTS = {
  offline: "nothing can be reached",
  refused: "everything answers 401",
  limited: "everything answers 429",
  broken: "everything answers 502",
  garbage: "everything answers with a page that is no data",
  empty: "everything answers with nothing",
  cut: "every answer is cut off in the middle",
} as const;

/** One of {@link FAULTS}. */
export type Fault = keyof typeof FAULTS;

/** The faults that are an answer. */
export const FAULTY_ANSWERS: Readonly<Partial<Record<Fault, FetchAnswer>>> = {
  refused: { status: 401, headers: { "content-type": "application/json" }, body: '{"message":"Bad credentials"}' },
  limited: { status: 429, headers: { "retry-after": "60" }, body: "" },
  broken: { status: 502, headers: { "content-type": "text/html" }, body: "<html><h1>502 Bad Gateway</h1></html>" },
  garbage: { status: 200, headers: { "content-type": "text/html" }, body: "<!doctype html><title>Sign in</title>" },
  empty: { status: 200, headers: {}, body: "" },
};

/** A port without a listener. */
const NOWHERE = "http://127.0.0.1:9";

/** Sends the requests of programs that heed the usual variables through a proxy. */
function throughProxy(env: Env, url: string): Env {
  const names = ["http_proxy", "https_proxy", "all_proxy"].flatMap((name) => [name, name.toUpperCase()]);
  return { ...env, no_proxy: "", NO_PROXY: "", ...Object.fromEntries(names.map((name) => [name, url])) };
}

/**
 * Returns the context with one fault in all its services. Does not affect what a plugin reaches by other ways, except programs
 * that respect the usual proxy variables.
 *
 * @param proxy through which everything fails in that way
 */
export function failing(base: PluginContext, fault: Fault, proxy?: { readonly url: string }): PluginContext {
  const github = githubFault(fault);
  const way = proxy?.url ?? (fault === "offline" ? NOWHERE : null);
  return {
    ...base,
    env: way === null ? base.env : throughProxy(base.env, way),
    fetch: async (url, init) => faultyAnswer(fault, () => base.fetch(url, init)),
    exec: faultyExec(fault, base.exec),
    github: {
      graphql: async () => github(),
      repository: async () => github(),
      rest: async () => github(),
    },
  };
}

async function faultyAnswer(fault: Fault, real: () => Promise<FetchAnswer>): Promise<FetchAnswer> {
  const answer = FAULTY_ANSWERS[fault];
  if (answer) return answer;
  if (fault === "offline") throw new ObservationError("Cannot reach the host: ENETUNREACH");
  const whole = await real();
  return { ...whole, body: whole.body.slice(0, whole.body.length / 2) };
}

function faultyExec(fault: Fault, real: Exec): Exec {
  const end = (result: Partial<ExecResult>): ExecResult => ({
    code: null,
    signal: null,
    stdout: "",
    stderr: "",
    timedOut: false,
    truncated: false,
    notFound: false,
    ...result,
  });
  return async (argv, options) => {
    if (fault === "offline") return end({ notFound: true, stderr: `spawn ${argv[0]} ENOENT` });
    if (fault === "cut") {
      const whole = await real(argv, options);
      return { ...whole, stdout: whole.stdout.slice(0, whole.stdout.length / 2), truncated: true };
    }
    if (fault === "garbage" || fault === "empty") {
      const { code } = await real(argv, options);
      return end({ code, stdout: fault === "empty" ? "" : "\u0000\u001b]0;x\u0007<<<" });
    }
    return end({ signal: "SIGKILL", timedOut: true });
  };
}

function githubFault(fault: Fault): <T>() => T {
  return <T>() => {
    if (fault === "garbage") return {} as T;
    if (fault === "empty") return null as T;
    throw new ObservationError(`GitHub cannot be asked: ${FAULTS[fault]}`);
  };
}

const UNKNOWN = "p9-unknown-value";

/** Returns the context of a world with unknown values: every word in an answer is replaced. */
export function speakingUnknown(base: PluginContext): PluginContext {
  return {
    ...base,
    fetch: async (url, init) => {
      const answer = await base.fetch(url, init);
      return { ...answer, body: replaced(answer.body) };
    },
    exec: async (argv, options) => {
      const result = await base.exec(argv, options);
      return { ...result, stdout: replaced(result.stdout) };
    },
    github: {
      graphql: async (query, variables) => withUnknownWords(await base.github.graphql(query, variables)),
      repository: async (repo, selection) => withUnknownWords(await base.github.repository(repo, selection)),
      rest: async (path, options) => withUnknownWords(await base.github.rest(path, options)),
    },
  };
}

function replaced(text: string): string {
  try {
    return JSON.stringify(withUnknownWords(JSON.parse(text)));
  } catch {
    return text;
  }
}

/** Replaces short words (states, kinds, conclusions) and keeps texts with digits, dots or slashes, which identify something. */
function withUnknownWords<T>(value: T): T {
  return change(value as Json) as T;
}

function change(value: Json): Json {
  if (typeof value === "string") return /^[A-Za-z][A-Za-z _-]{1,30}$/.test(value) ? UNKNOWN : value;
  if (Array.isArray(value)) return value.map(change);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, change(one as Json)]));
}

/** Returns the context of a world in which no request is answered before it is aborted. */
export function silent(base: PluginContext, signal: AbortSignal): PluginContext {
  const never = () =>
    new Promise<never>((_, reject) => {
      const stop = () => reject(new ObservationError("Cannot reach the host: the request was stopped"));
      if (signal.aborted) stop();
      else signal.addEventListener("abort", stop, { once: true });
    });
  return { ...base, signal, fetch: never, exec: never, github: { graphql: never, repository: never, rest: never } };
}
