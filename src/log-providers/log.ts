import { outsidePattern } from "../base/outside-pattern.ts";
import { redact, secretValues } from "../base/redact.ts";
import { oneLine, stripControls } from "../base/text.ts";
import { isOutcome } from "../contract/wait-kind.ts";
import { errorText } from "../core/errors.ts";
import { ObservationError } from "../core/observation.ts";
import type { ProviderStatus } from "../providers/describe/provider.ts";
import { collect, type Segment } from "./collect.ts";
import { type KnownLogProvider, permittedContext } from "./known.ts";
import { looksLike, type Page, pageAt } from "./page.ts";
import { askRun, judgeRun, type Run } from "./run.ts";
import { type LogAsker, MAX_KEPT } from "./send.ts";

/** What a service says about a failed check of it. */
export interface CiLog {
  /** The service, as people call it. */
  readonly title: string;
  /** The texts of what failed, each line behind the names of its job and step; empty when none could be read. */
  readonly text: string;
  /** Why there is no text, or not the whole: one sentence. */
  readonly note: string | null;
  /** The run goes on: more may come. */
  readonly isSoFar?: boolean;
}

/** A check as GitHub shows it. */
export interface CheckPage {
  readonly name: string;
  readonly app: string | null;
  readonly url: string | null;
}

/** A page and the provider that it was found at. */
export interface FoundPage {
  readonly known: KnownLogProvider;
  readonly page: Page;
}

/** The first provider that an address is a page of, or null. One that may not be asked stands in no other's way. */
export function findPage(address: string, known: readonly KnownLogProvider[], env: LogAsker["env"]): FoundPage | null {
  let found: FoundPage | null = null;
  for (const one of known) {
    const page: Page | null = found === null || one.problem === null ? pageAt(one.provider, address, env) : null;
    if (page && one.problem === null) return { known: one, page };
    if (page) found = { known: one, page };
  }
  return found;
}

/** Reads why a check of a CI service failed; null when its page is of none that is known. Never rejects: what is in the way is said. */
export async function readCiLog(
  check: CheckPage,
  known: readonly KnownLogProvider[],
  context: LogAsker,
): Promise<CiLog | null> {
  try {
    const found = check.url === null ? null : findPage(check.url, known, context.env);
    if (!found) return guessed(check, known, context.env);
    const { title } = found.known.provider;
    if (found.known.problem !== null) return { title, text: "", note: found.known.problem };
    return await readPage(found, context);
  } catch (error) {
    return { title: "", text: "", note: `Its log cannot be read: ${oneLine(errorText(error), 300)}` };
  }
}

/** A run or job of a CI service, with the log of what failed in it. */
export interface CiRun {
  readonly title: string;
  /** What it is called: `octo/app job 42`. */
  readonly label: string;
  readonly status: ProviderStatus;
  readonly log: CiLog;
}

/** Reads the run of a page. @throws {ObservationError} saying what is in the way. */
export async function readCiRun({ known, page }: FoundPage, context: LogAsker): Promise<CiRun> {
  const run = await askRun(known.provider, page, permittedContext(known, context));
  return { title: known.provider.title, label: run.label, status: judgeRun(run, "").status, log: await logOf(run) };
}

async function readPage({ known, page }: FoundPage, context: LogAsker): Promise<CiLog> {
  const { provider } = known;
  const run = await askRun(provider, page, permittedContext(known, context));
  return logOf(run);
}

/** Reads the texts of what failed in a run. */
export async function logOf(run: Run): Promise<CiLog> {
  const { title } = run.server.provider;
  if (run.document === null) return { title, text: "", note: `${title} shows no end of ${run.label} yet` };
  const { segments, problems } = await collect(run.server, run.target.logs, run.document, run.values);
  const secrets = secretValues(run.server.context.env);
  if (segments.length > 0) {
    const text = redact(textOf(segments, run.label), secrets);
    const isSoFar = goesOn(run);
    const soFar = isSoFar ? `${title} still runs ${run.label}: this is its log so far` : null;
    return { title, text, note: problems.length > 0 ? redact(whole(title, problems), secrets) : soFar, isSoFar };
  }
  const note = problems.length > 0 ? whole(title, problems) : `${title} shows no log of a failed step of ${run.label}`;
  return { title, text: "", note: redact(note, secrets) };
}

/** Whether a run has not ended, as far as its document says. */
function goesOn(run: Run): boolean {
  try {
    return !isOutcome(judgeRun(run, "").status);
  } catch (error) {
    if (!(error instanceof ObservationError)) throw error;
    return false;
  }
}

function whole(title: string, problems: readonly string[]): string {
  return `Not all of the log of ${title} could be read: ${problems.slice(0, 3).join("; ")}`;
}

/** The time that a log of `gh run view --log` has behind the names of job and step, for a line that has none. */
const TIME = "1970-01-01T00:00:00Z";
const TIMED = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z(?: |$)/;

/** The texts in the form of `gh run view --log`: names of job and step before each line, and the exit code at a step's end. */
function textOf(segments: readonly Segment[], label: string): string {
  const share = Math.max(64 * 1024, Math.floor(MAX_KEPT / segments.length));
  return segments
    .map(({ job, step, command, exit, text }) => {
      const names = `${name(job ?? label, 150)}\t${name(step ?? "", 200)}\t`;
      const header = command ? [`##[group]Run ${command}`, "##[endgroup]"] : [];
      const end = `##[error]Process completed with exit code ${exit || 1}.`;
      const lines = [...header, text, end].join("\n").split(/\r\n|\n|\r/);
      return endOf(lines.map((line) => `${names}${TIMED.test(line) ? "" : `${TIME} `}${line}`).join("\n"), share);
    })
    .join("\n");
}

const name = (text: string, max: number) => oneLine(stripControls(text), max);

/** The end of a text, from the start of a line. */
function endOf(text: string, length: number): string {
  if (text.length <= length) return text;
  const end = text.slice(-length);
  const line = end.indexOf("\n");
  return line < 0 || line > 20_000 ? end : end.slice(line + 1);
}

/**
 * What to set for a page that looks like one of a service that everybody runs on a server of their own, as a sentence; null: it looks like
 * none. `check`: what GitHub shows of it.
 */
export function hintAt(
  url: string,
  known: readonly KnownLogProvider[],
  env: LogAsker["env"],
  check: Omit<CheckPage, "url"> | null = null,
): { readonly title: string; readonly note: string } | null {
  // What nobody has agreed to has no say in what people read.
  const agreed = known.flatMap(({ provider, problem }) => (problem === null ? [provider] : []));
  const alike = agreed.flatMap((provider) => {
    const variable = provider.base?.env;
    const isMeant = (check === null || isLikely(provider, check)) && looksLike(provider, url);
    return isMeant && variable ? [{ title: provider.title, variable }] : [];
  });
  // Of a check the first is meant, of an address alone it may be any.
  const meant = check === null ? alike : alike.slice(0, 1);
  const [only] = meant;
  if (only === undefined) return null;
  const title = meant.map((one) => one.title).join(" or ");
  const isSet = meant.length === 1 && Boolean(env[only.variable]?.trim());
  const variables = meant.map(({ variable }) => `"${variable}"`).join(" or ");
  const how = isSet
    ? `${variables} names another server: name this one under ci_watch.log_providers`
    : `set ${variables} to the address of its server`;
  return { title, note: `It looks like a page of ${title}: ${how} to have its log read` };
}

function guessed({ url, ...check }: CheckPage, known: readonly KnownLogProvider[], env: LogAsker["env"]): CiLog | null {
  const hint = url === null ? null : hintAt(url, known, env, check);
  return hint && { ...hint, text: "" };
}

function isLikely({ apps, contexts }: KnownLogProvider["provider"], { name, app }: Omit<CheckPage, "url">): boolean {
  if (!apps && !contexts) return true;
  const matches = (patterns: readonly string[] | undefined, text: string | null) =>
    text !== null && (patterns ?? []).some((pattern) => outsidePattern(`^(?:${pattern})$`, "i").test(text));
  return matches(contexts, name) || matches(apps, app);
}
