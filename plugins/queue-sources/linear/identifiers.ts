import { askGit, type DiscoverContext, isObject, UnavailableError } from "../../../src/plugin.ts";

/** Where a pull request may name its issue. */
export interface Naming {
  readonly branch: string;
  /** `BRO-12` as team and number, the likeliest first. */
  readonly identifiers: readonly { readonly team: string; readonly number: number }[];
}

const IDENTIFIER = /(?<![A-Za-z0-9])([A-Za-z][A-Za-z0-9]{0,9})-(\d{1,7})(?![A-Za-z0-9])/g;
const MOST = 8;

/** Issues that the branch, the title or the body name, as far as they are known here, in this order. */
export async function namedIssues(context: DiscoverContext): Promise<Naming> {
  const { pr } = context;
  const branch = pr?.branch ?? (await currentBranch(context));
  return { branch, identifiers: identifiersIn([branch, pr?.title ?? "", pr?.body ?? ""]) };
}

/** The same with the words of the pull request at GitHub; null when all of them were known before. */
export async function namedAtGitHub(context: DiscoverContext): Promise<Naming | null> {
  const { pr } = context;
  if (!pr || pr.body !== null) return null;
  const { title, body, head } = await askGitHub(context, pr.repo, pr.number);
  return { branch: head, identifiers: identifiersIn([head, title, body]) };
}

/** `utf-8` and `feature-42` look like identifiers: Linear knows which of them are. */
function identifiersIn(texts: readonly string[]): Naming["identifiers"] {
  const found = new Map<string, { team: string; number: number }>();
  for (const text of texts) {
    for (const [, team = "", number = ""] of text.matchAll(IDENTIFIER)) {
      found.set(`${team.toUpperCase()}-${Number(number)}`, { team: team.toUpperCase(), number: Number(number) });
    }
  }
  return [...found.values()].slice(0, MOST);
}

async function currentBranch(context: DiscoverContext): Promise<string> {
  const { root } = context;
  return root === null ? "" : ((await askGit({ ...context, cwd: root }, ["branch", "--show-current"])) ?? "");
}

async function askGitHub({ github }: DiscoverContext, repo: string, number: number) {
  try {
    const pull: unknown = await github.rest(`repos/${repo}/pulls/${number}`);
    const text = (value: unknown) => (typeof value === "string" ? value : "");
    if (!isObject(pull)) return { title: "", body: "", head: "" };
    return { title: text(pull.title), body: text(pull.body), head: isObject(pull.head) ? text(pull.head.ref) : "" };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UnavailableError(`pull request #${number} cannot be read: ${reason}`, { cause: error });
  }
}
