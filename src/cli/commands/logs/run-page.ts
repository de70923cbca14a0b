import { oneLine } from "../../../base/text.ts";
import { UsageError } from "../../../core/errors.ts";
import { canonicalHost } from "../../../core/repo.ts";
import { type ActionsPage, actionsPage, runUrl } from "../../../github/actions/page.ts";
import { isGitHub, unknownRepository } from "../../../github/hosts.ts";
import { type CiPage, ciPagesAt } from "../../../heal/evidence/ci-log.ts";
import type { Context } from "../../program/context.ts";

/** A page of a run or a job, at GitHub Actions or at another CI service. */
export type RunPage =
  | { readonly url: string; readonly actions: ActionsPage; readonly ci?: undefined }
  | { readonly url: string; readonly ci: CiPage };

/** Whether a text is an address of the web. */
export function isAddress(text: string): boolean {
  return /^https?:\/\//i.test(text);
}

/**
 * The page that an address is, or null for that of a pull request.
 *
 * @throws {UsageError} saying what is wanted for any other address.
 */
export async function runPage(url: string, context: Context): Promise<RunPage | null> {
  const { env, home, place: cwd } = context;
  const actions = actionsPage(url);
  const isPull = /^https?:\/\/[^/]+\/.+\/pull\/\d+(?:[/?#]|$)/i.test(url);
  const isOfGitHub = URL.canParse(url) && isGitHub(canonicalHost(new URL(url).hostname), env);
  if (isOfGitHub && actions) return { url, actions };
  if (isOfGitHub && isPull) return null;
  const pages = await ciPagesAt({ env, cwd, home });
  // A forge of another kind may have pages at the same paths as GitHub.
  const ci = isOfGitHub ? null : pages.find(url);
  if (ci) return { url, ci };
  if (actions) return { url, actions };
  if (isPull) return null;
  const hint = isOfGitHub ? null : pages.hint(url);
  if (hint)
    throw new UsageError(`Cannot tell which job ${shown(url)} is of: ${hint.charAt(0).toLowerCase()}${hint.slice(1)}`);
  throw new UsageError(
    `Cannot tell which job ${shown(url)} is of: wanted the page of a pull request, of a run or job of GitHub Actions, or of one of ${pages.titles.join(", ")}`,
  );
}

/** The run of `run:<id>[/<attempt>]`; null for any other text. @throws {UsageError} when its repository is not known. */
export async function namedRun(text: string, flag: string | undefined, context: Context): Promise<RunPage | null> {
  const [, run, attempt] = /^run:(\d{1,15})(?:\/(\d{1,6}))?$/.exec(text) ?? [];
  if (run === undefined) return null;
  const repo = await context.repo(flag);
  if (repo === null)
    throw new UsageError(`Cannot tell which repository run:${run} is in: ${unknownRepository(context.env)}`);
  const actions = { repo, run: Number(run), attempt: attempt === undefined ? null : Number(attempt), job: null };
  return { url: runUrl(actions), actions };
}

/** Host and path of an address: the rest may hold what is secret. */
function shown(url: string): string {
  if (!URL.canParse(url)) return "this address";
  const { protocol, host, pathname } = new URL(url);
  return `"${oneLine(`${protocol}//${host}${pathname}`, 200)}"`;
}
