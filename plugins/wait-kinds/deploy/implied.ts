import { listAt, textAt } from "../../../src/github.ts";
import { isNamedBy, isObject, type JsonObject } from "../../../src/plugin.ts";
import { hintedProviders } from "../providers/hinted.ts";
import { hintsIn } from "./hints.ts";

/** Whether a push starts a deploy by the policy and the repository's files. */
export interface Implied {
  readonly implied: boolean;
  /** A sentence: why, or why not. */
  readonly why: string;
}

const DEFAULT_BRANCHES = ["main", "master"];

/**
 * Whether a push to `branch` starts a deploy: a service of `ci_watch.providers`, or one that the repository's files speak of,
 * must deploy that branch. Only the file system is asked.
 *
 * @param policy the block `ci_watch`
 */
export function deploysBranch(repoRoot: string, branch: string, policy: JsonObject): Implied {
  const entries = Object.entries(isObject(policy.providers) ? policy.providers : {}).filter(
    ([name]) => name !== "github",
  );
  const named = entries.filter(([name, entry]) => deploys(name, entry, branch)).map(([name]) => name);
  if (named.length > 0) return yes(`ci_watch.providers names ${named.join(", ")}`);
  if (entries.length > 0) return no(`no service of ci_watch.providers deploys "${branch}"`);
  const hints = hintsIn(repoRoot, hintedProviders);
  const hint = hints.find(({ branches }) => branches === "all" || DEFAULT_BRANCHES.includes(branch));
  if (hint) return yes(`there is a ${hint.file}`);
  return no(
    hints.length > 0
      ? `what ${hints[0]?.file} stands for deploys the default branch, not "${branch}"`
      : "no file here speaks of a deploy service",
  );
}

/** Without `branches`: every branch, for a service that makes previews; the default branch, for any other. */
export function deploys(name: string, entry: unknown, branch: string): boolean {
  const branches = listAt(entry, "branches").filter((one) => typeof one === "string");
  if (branches.length > 0) return branches.some((one) => isNamedBy(one, branch));
  const service = textAt(entry, "use") ?? name;
  const makesPreviews = hintedProviders.some(
    (provider) => provider.name === service && provider.detect?.branches === "all",
  );
  return makesPreviews || DEFAULT_BRANCHES.includes(branch);
}

const yes = (why: string): Implied => ({ implied: true, why });
const no = (why: string): Implied => ({ implied: false, why });
