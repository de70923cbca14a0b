import type { Exec } from "../base/exec-types.ts";
import type { Json } from "../base/json.ts";
import { oneLine } from "../base/text.ts";
import { canonicalHost, GITHUB_COM, splitRepo } from "../core/repo.ts";
import { holeError, holeOf, isWithheld } from "./answer/hole.ts";
import { type FieldProblem, type PieceAnswer, readProblem } from "./answer/problem.ts";
import { refused } from "./answer/refusal.ts";
import { batcher } from "./batch.ts";
import { type Budget, noBudget, sharedBudget } from "./budget.ts";
import { type GhAnswer, hiddenLimit, rateLimited, refusal } from "./classify.ts";
import { GitHubError } from "./errors.ts";
import { type GhRequest, type Send, throughGh } from "./gh.ts";
import { defaultHost, isGitHub, loginAt } from "./hosts.ts";
import { numberAt } from "./read.ts";
import { type LocalClock, ServerClock } from "./time/server-clock.ts";

/**
 * Sends requests to GitHub through `gh api` and `gh api graphql`, with the user's login, host and proxy.
 * Every method rejects with {@link GitHubError}.
 */
export interface GitHub {
  /** Runs one GraphQL query and rejects for any error in the answer. Default `host`: the one that gh uses for names without a host. */
  graphql<T>(query: string, variables?: Readonly<Record<string, Json>>, host?: string): Promise<T>;
  /**
   * Reads a selection of fields of one repository, with literal arguments. Selections that are requested at the same moment go into
   * one request. Data that the token may not read is null and named in `problems`.
   */
  repository(repo: string, selection: string): Promise<PieceAnswer>;
  /** Sends one REST request. `path` has no leading slash; `repos/` may be followed by a full name with its host. */
  rest<T>(path: string, options?: RestOptions): Promise<T>;
  /**
   * The time at GitHub (ms since the epoch), at the host of a repository, by the dates of its answers; see `githubNow`. A stand-in
   * for GitHub on the local clock omits it.
   */
  now?(repo?: string | null): number;
}

/** Options of {@link GitHub.rest}. */
export interface RestOptions {
  readonly method?: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  readonly body?: Json;
  /** Whether to follow the pages of a list; lists in answers like `{total_count, items…}` are joined. */
  readonly paginate?: boolean;
  /** Whether the answer is text (a job's log), not JSON. */
  readonly text?: boolean;
  /** Bytes of the answer that are kept. Default 16 MiB. */
  readonly maxBytes?: number;
}

/** Options of {@link createGitHub}. */
export interface GitHubOptions {
  readonly exec: Exec;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: LocalClock;
  /** State directory, whose drivers share one rate-limit budget. Without it there is no budget. */
  readonly home?: string;
}

/** Makes the client. One per process is enough, and lets looks share requests. */
export function createGitHub({ exec, env, clock, home }: GitHubOptions): GitHub {
  const timeAt = memo((host) => new ServerClock(clock, () => budgetAt(host).behindMs()));
  const budgetAt: (host: string) => Budget = memo((host) =>
    home ? sharedBudget(home, timeAt(host), `${host} ${loginAt(host, env)}`) : noBudget,
  );
  const send = oneAtATime(metered(timed(onlyGitHub(throughGh(exec, env), env), timeAt, clock), budgetAt, timeAt));

  const query = async (host: string, text: string, variables?: Readonly<Record<string, Json>>) => {
    const answer = await send({
      host,
      method: "POST",
      path: "graphql",
      body: { query: text, ...(variables ? { variables } : {}) },
    });
    const read = readGraphql(answer, timeAt(host).now());
    budgetAt(host).spent(numberAt(read.data, "rateLimit", "cost") ?? 1);
    return read;
  };
  const askAt = memo((host) => batcher((text) => query(host, text)));
  return {
    async graphql<T>(text: string, variables?: Readonly<Record<string, Json>>, host = defaultHost(env)) {
      const { data, errors } = await query(host, text, variables);
      const [problem] = errors.map(readProblem);
      if (problem) throw queryRefused(problem);
      return data as T;
    },
    async repository(repo, selection) {
      const answer = await askAt(splitRepo(repo).host)({ repo, selection });
      const whole = answer.problems.filter(({ path }) => path.length === 0);
      const other = whole.find(({ type }) => type !== "NOT_FOUND");
      if (other) throw holeError(holeOf(other), repo, `a token that may read ${repo}`);
      if (whole.length > 0) throw noRepository(repo);
      if (answer.data === null && answer.problems.length === 0) {
        throw new GitHubError("partial", `GitHub did not show ${repo}, and did not say why`);
      }
      return answer;
    },
    rest: (path, options) => rest(send, timeAt, placeOf(path, env), options),
    now: (repo) => timeAt(repo ? splitRepo(repo).host : defaultHost(env)).now(),
  };
}

/** Keeps one value for each host, made on first use. */
function memo<T>(make: (host: string) => T): (host: string) => T {
  const made = new Map<string, T>();
  return (host) => {
    const value = made.get(host) ?? make(host);
    made.set(host, value);
    return value;
  };
}

/** Refuses requests to a host for which gh has no login, because it may not be a GitHub. */
function onlyGitHub(send: Send, env: GitHubOptions["env"]): Send {
  return async (request) => {
    if (isGitHub(request.host, env)) return send(request);
    throw new GitHubError("unknown-host", `Cannot ask "${request.host}": gh knows no login there`, {
      needs: `a login for ${request.host}: gh auth login --hostname ${request.host}`,
      lasting: true,
    });
  };
}

/** Splits the path of a REST request: `repos/host/owner/name/…` is at that host, because no owner's name has a dot. */
function placeOf(path: string, env: GitHubOptions["env"]): { readonly host: string; readonly path: string } {
  const [, first = "", rest = ""] = /^repos\/([^/]+)\/(.*)$/.exec(path) ?? [];
  if (first === "") return { host: defaultHost(env), path };
  const isHost = first.includes(".") || (first !== GITHUB_COM && isGitHub(first, env));
  return isHost ? { host: canonicalHost(first), path: `repos/${rest}` } : { host: GITHUB_COM, path };
}

function queryRefused(problem: FieldProblem): GitHubError {
  const { type, message } = problem;
  if (type === "NOT_FOUND") return new GitHubError("not-found", `GitHub says: ${message}`);
  if (isWithheld(holeOf(problem))) return refused({ message, status: 200 });
  return new GitHubError("refused", `GitHub refuses the query: ${message}`);
}

function noRepository(repo: string): GitHubError {
  const needs = "another name, or a login that may see it: gh auth status shows yours";
  return new GitHubError("repo-not-found", `GitHub has no repository "${repo}" that this login can see`, {
    needs,
    lasting: true,
  });
}

/**
 * Sends each host one request at a time, as GitHub asks; this also limits the memory of `gh` processes. A host that does not answer
 * holds up no other one.
 */
function oneAtATime(send: Send): Send {
  const last = new Map<string, Promise<unknown>>();
  return (request) => {
    const turn = (last.get(request.host) ?? Promise.resolve()).then(() => send(request));
    last.set(
      request.host,
      turn.catch(() => {}),
    );
    return turn;
  };
}

type TimeAt = (host: string) => ServerClock;

/** Passes every answer's date to the clock of its host. */
function timed(send: Send, timeAt: TimeAt, clock: LocalClock): Send {
  return async (request) => {
    const sentAt = clock.monotonic();
    const answer = await send(request);
    timeAt(request.host).learn(answer.headers, sentAt);
    return answer;
  };
}

function metered(send: Send, budgetAt: (host: string) => Budget, timeAt: TimeAt): Send {
  return async (request) => {
    const budget = budgetAt(request.host);
    budget.take(request.path === "graphql" ? "graphql" : "core");
    const answer = await send(request);
    budget.learn(answer.headers);
    const refused = refusal(answer, timeAt(request.host).now());
    if (refused?.problem === "secondary-limit") budget.hold(refused.retryAfterS ?? 60);
    return answer;
  };
}

/** Reads `data` and `errors` of an answer; throws for an error about the whole of it. */
function readGraphql(answer: GhAnswer, now: number): { data: unknown; errors: readonly unknown[] } {
  const refused = refusal(answer, now) ?? hiddenLimit(answer);
  if (refused) throw refused;
  const value = readJson(answer);
  const { data = null, errors = [] } = value as { data?: unknown; errors?: unknown };
  const list: readonly unknown[] = Array.isArray(errors) ? errors : [];
  for (const problem of list.map(readProblem)) {
    if (problem.type === "RATE_LIMITED") throw rateLimited(answer.headers, now, answer.status);
    if (problem.path.length === 0 && /something went wrong|timed? ?out/i.test(problem.message)) {
      throw new GitHubError("server-error", "GitHub could not finish the query in its own time", {
        status: answer.status,
      });
    }
  }
  const unknown = data === null && list.map(readProblem).find(({ code }) => code === "undefinedField");
  if (unknown) throw new GitHubError("unknown-field", `GitHub refuses the query: ${unknown.message}`);
  if (data === null && list.length > 0 && list.map(readProblem).every(({ path }) => path.length === 0)) {
    throw queryRefused(readProblem(list[0]));
  }
  return { data, errors: list };
}

/** Pages of one list: the longest that p9 reads, the jobs of a run, has at most 1,000 rows. */
const MAX_PAGES = 50;

async function rest<T>(
  send: Send,
  timeAt: TimeAt,
  place: { readonly host: string; readonly path: string },
  options: RestOptions = {},
  page = 1,
): Promise<T> {
  const { method = "GET", body, maxBytes } = options;
  const request: GhRequest = { ...place, method, body, maxBytes };
  const answer = await send(request);
  const refused = refusal(answer, timeAt(place.host).now(), request.method === "GET" ? "read" : "do");
  if (refused) throw refused;
  if (options.text) return answer.body as T;
  const value = answer.body === "" ? null : readJson(answer);
  const next = options.paginate ? nextPage(answer.headers.link) : null;
  if (!next) return value as T;
  if (page >= MAX_PAGES) {
    throw new GitHubError("partial", `GitHub names more than ${MAX_PAGES} pages of "${oneLine(place.path, 200)}"`);
  }
  return join(value, await rest<unknown>(send, timeAt, { host: place.host, path: next }, options, page + 1)) as T;
}

function readJson(answer: GhAnswer): object | null {
  try {
    const value: unknown = JSON.parse(answer.body);
    if (typeof value === "object") return value;
  } catch {
    // Not JSON, so not an answer of GitHub's API: throw below.
  }
  throw new GitHubError("not-json", "Something between here and GitHub answers with a page instead of data", {
    status: answer.status,
  });
}

function nextPage(link: string | undefined): string | null {
  const url = link ? /<([^>]+)>;\s*rel="next"/.exec(link)?.[1] : undefined;
  return url ? url.replace(/^https?:\/\/[^/]+\/(?:api\/v3\/)?/, "") : null;
}

/** Joins two pages: lists, or objects whose lists are joined by name. */
function join(first: unknown, second: unknown): unknown {
  if (Array.isArray(first) && Array.isArray(second)) return [...first, ...second];
  if (typeof first !== "object" || first === null || typeof second !== "object" || second === null) return first;
  const joined = Object.entries(second).map(([key, value]): [string, unknown] => {
    const before: unknown = (first as Record<string, unknown>)[key];
    return [key, Array.isArray(before) && Array.isArray(value) ? [...before, ...value] : value];
  });
  return Object.fromEntries(joined);
}
