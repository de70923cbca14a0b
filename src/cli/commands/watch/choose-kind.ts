import { didYouMean } from "../../../base/nearest.ts";
import { oneLine } from "../../../base/text.ts";
import type { WaitKind } from "../../../contract/wait-kind.ts";
import { UsageError } from "../../../core/errors.ts";
import { canonicalHost } from "../../../core/repo.ts";
import { isGitHub } from "../../../github/hosts.ts";
import { builtInWaitKind, findWaitKind } from "../../../plugins-host/find/resolve.ts";
import { askGit } from "../../../process/git.ts";
import type { CommandLine, Context } from "../../program/context.ts";

/** Options of `watch` itself whose value is a word of its own. */
const WITH_VALUE = ["--timeout", "--interval", "--slice", "--repo", "--jq", "-q"];

/**
 * Chooses the wait kind of a command line: the named one, the one that the first target means (see {@link meantKind}), that of pull
 * requests for no argument, that of started commands for a bare command. Runs before the options are read, because the kind brings
 * some of them.
 *
 * @throws {UsageError} naming the word and the kinds there are.
 */
export async function chooseKind(line: CommandLine, context: Context): Promise<WaitKind> {
  const words = operands(line.argv.slice(1));
  const [first] = words;
  const { impliedKinds, waitKinds } = await import("../../../../plugins/wait-kinds/registry.ts");
  if (first === undefined) return waitKinds[line.rest ? impliedKinds.started : impliedKinds.pullRequest]();
  if (isPullRequest(first)) return waitKinds[impliedKinds.pullRequest]();
  const named = isAddress(first) ? null : await namedKind(first, context);
  if (named) return named;
  // Behind an option of the kind, whose value looked like a word.
  for (const word of words.slice(1)) {
    const kind = await builtInWaitKind(word);
    if (kind) return kind;
  }
  for (const word of line.rest ? [] : words) {
    const kind = await meantKind(word, context);
    if (kind) return kind;
  }
  throw await unknownTarget(first);
}

/**
 * The kind that a target means by itself: a pull request or a branch, the page of an Actions run, or any other address that is no
 * forge's. Null when it means none.
 */
export async function meantKind(word: string, context: Context): Promise<WaitKind | null> {
  const { impliedKinds, waitKinds } = await import("../../../../plugins/wait-kinds/registry.ts");
  if (isPullRequest(word)) return waitKinds[impliedKinds.pullRequest]();
  if (!isAddress(word)) return (await isBranch(word, context)) ? waitKinds[impliedKinds.pullRequest]() : null;
  if (/^https?:\/\/[^/]+\/.+\/actions\/runs\/\d+/i.test(word)) return waitKinds[impliedKinds.run]();
  return waitKinds[isForge(word, context) ? impliedKinds.pullRequest : impliedKinds.address]();
}

/** The error for a word that is neither a target nor a kind. */
export async function unknownTarget(word: string): Promise<UsageError> {
  const { waitKinds } = await import("../../../../plugins/wait-kinds/registry.ts");
  const kinds = Object.keys(waitKinds);
  const wanted = `wanted a pull request's number, URL or branch, another URL, or a kind of wait: ${kinds.join(", ")}`;
  return new UsageError(`Cannot watch "${oneLine(word, 80)}"${didYouMean(word, kinds)}: ${wanted}`);
}

function namedKind(word: string, { home, env, place: cwd, warn }: Context): Promise<WaitKind | null> {
  const report = ({ plugin, message }: { readonly plugin: string; readonly message: string }) =>
    warn(`plugin ${plugin}: ${message}`);
  return findWaitKind(word, { home, env, cwd, report });
}

/** Whether a word is a pull request: `42`, `#42`, `owner/name#42`, or its URL. */
function isPullRequest(word: string): boolean {
  return /^([\w.-]+\/[\w.-]+)?#?\d+$/.test(word) || /^https?:\/\/[^/]+\/.+\/pull\/\d+/i.test(word);
}

const isAddress = (word: string) => /^https?:\/\//i.test(word);

/** Forges beside those that gh has a login for. */
const FORGES = new Set(["gitlab.com", "bitbucket.org", "codeberg.org"]);

/** Whether an address is a page of a forge, which says nothing about a pull request's checks by answering. */
function isForge(address: string, { env }: Context): boolean {
  if (!URL.canParse(address)) return false;
  const { hostname, host, pathname } = new URL(address);
  if (/\/(-\/merge_requests|pull-requests|pulls)\/\d+/.test(pathname)) return true;
  return FORGES.has(hostname) || isGitHub(canonicalHost(host), env);
}

/** Whether a word is a branch: one with an owner or a folder before it, of the named repository, or one that git knows here. */
async function isBranch(word: string, context: Context): Promise<boolean> {
  if (/^$|[\s~^?*[\\]|^[-./]/.test(word)) return false;
  if (/[/:]/.test(word) || context.argv.some((one) => /^--repo(=|$)/.test(one))) return true;
  const { exec, env, place: cwd } = context;
  const refs = [`refs/heads/${word}`, `refs/remotes/*/${word}`];
  return Boolean(await askGit({ exec, env, cwd }, ["for-each-ref", "--count=1", "--format=%(refname)", ...refs]));
}

function operands(argv: readonly string[]): string[] {
  return argv.filter((word, index) => !word.startsWith("-") && !WITH_VALUE.includes(argv[index - 1] ?? ""));
}
