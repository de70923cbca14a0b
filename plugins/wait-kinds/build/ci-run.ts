import { writeFileSync } from "node:fs";
import {
  type LookContext,
  type LookResult,
  ObservationError,
  oneLine,
  type Pin,
  type PluginContext,
  RefError,
  type RunsContext,
  type TrustSubject,
} from "../../../src/plugin.ts";
import {
  askRun,
  type CiLog,
  type FoundPage,
  findPage,
  judgeRun,
  type KnownLogProvider,
  knownLogProviders,
  logOf,
  logProviderSubjects,
  logProviderVariables,
  permittedContext,
  type Run,
} from "../../../src/provider.ts";
import { logProviders } from "../../log-providers/registry.ts";

/** The trust subjects of a repository's log providers. */
export const ciSubjects = (context: RunsContext): Promise<readonly TrustSubject[]> =>
  logProviderSubjects(logProviders, context);

/** Binds to a run or job of a CI service by its page; needs no network. */
export async function pinCiRun(ref: string, context: PluginContext): Promise<Pin> {
  const known = await knownLogProviders(logProviders, context);
  const found = findPage(ref, known, context.env);
  if (!found) throw new RefError(`Cannot watch the build at "${shown(ref)}": ${wanted(ref, known)}`);
  const { page } = found;
  const { problem, provider } = found.known;
  if (problem !== null) throw new RefError(`Cannot watch the build at "${shown(ref)}": ${problem}`);
  const { name, title } = provider;
  const values = Object.values(page.values).map((value) => value ?? "");
  const target = values.join("/");
  return {
    ref: oneLine(`${name}:${target}`, 100),
    key: `ci:${name}:${page.base.host}:${page.is}:${target}`,
    title,
    history: `ci:${name}:${page.base.host}:${page.is}:${values.filter((value) => !/^(?:\d+|[0-9a-f-]{32,36})$/.test(value)).join("/")}`,
    repo: context.repo,
    identity: { form: "ci", url: shortest(ref, found, context) },
    complete: true,
    env: logProviderVariables(provider),
  };
}

/** Looks once at the pinned run: one request, and those for its log once it has failed. */
export async function lookAtCiRun(context: LookContext): Promise<LookResult> {
  const { known, page, url } = await pageOf(context);
  // What had to be searched for once is known from then on.
  const values = { ...textsIn(context.memory), ...page.values };
  const run = await askRun(known.provider, { ...page, values }, permittedContext(known, context));
  if (Object.keys(run.found).length > 0) context.remember(textsIn(run.found));
  const result = judgeRun(run, url);
  return {
    ...result,
    ...(result.status === "failed" ? await why(run, url, context) : {}),
    settle: { looks: 1 },
    notBeforeS: Math.min(30, 5 * 1.5 ** context.look),
  };
}

async function pageOf(context: LookContext): Promise<FoundPage & { readonly url: string }> {
  const url = String(context.pin.identity.url);
  const found = findPage(url, await knownLogProviders(logProviders, context), context.env);
  const problem = found ? found.known.problem : `no log provider knows the page ${shown(url)} any more`;
  if (!found || problem !== null)
    throw new ObservationError(`Cannot look at the build: ${problem}`, {
      needs: "a log provider for this page",
      lasting: true,
    });
  return { ...found, url };
}

/** The log of what failed, kept for whoever classifies it; a log that cannot be read is a line that says so. */
async function why(run: Run, url: string, { logFile }: LookContext): Promise<Pick<LookResult, "evidence" | "log">> {
  const { text, note } = await readLog(run);
  const evidence = note === null ? [] : [{ job: run.label, text: note, url: oneLine(url, 300) }];
  if (text === "") return { evidence };
  writeFileSync(logFile, `${text}\n`, { mode: 0o600 });
  return { evidence, log: logFile };
}

/** The verdict must not be lost with the log. */
async function readLog(run: Run): Promise<CiLog> {
  try {
    return await logOf(run);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return { title: "", text: "", note: oneLine(`The log could not be read: ${text}`, 300) };
  }
}

/** The address without a query or fragment that says nothing about the run, and may hold what is secret. */
function shortest(ref: string, { known, page }: FoundPage, { env }: PluginContext): string {
  const url = new URL(ref);
  for (const part of ["hash", "search"] as const) {
    const kept = url[part];
    url[part] = "";
    const again = findPage(url.href, [known], env);
    if (JSON.stringify([again?.page.is, again?.page.values]) !== JSON.stringify([page.is, page.values]))
      url[part] = kept;
  }
  return url.href;
}

const textsIn = (values: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])),
  );

/** Host and path of an address, without what may be secret. */
function shown(ref: string): string {
  if (!URL.canParse(ref)) return oneLine(ref.replace(/^.*@/, ""), 100);
  const { protocol, host, pathname } = new URL(ref);
  return oneLine(`${protocol}//${host}${pathname}`, 200);
}

function wanted(ref: string, known: readonly KnownLogProvider[]): string {
  const url = URL.canParse(ref) ? new URL(ref) : null;
  if (url?.username || url?.password) return "wanted an address without a user name or password";
  const names = [...new Set(known.map(({ provider }) => provider.name))].sort();
  return `no log provider knows this page: wanted a run or job of ${names.join(", ")} (a server of your own: its variable, or ci_watch.log_providers)`;
}
