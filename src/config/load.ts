import { existsSync, statSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import { isObject } from "../base/json.ts";
import { ForbiddenError, PolicyError } from "../core/errors.ts";
import { type BLOCK_NAMES, type RawBlocks, type RawFile, readBlocks } from "./read.ts";
import type { CiHeal, CiWatch } from "./schema.ts";

export type { CiHeal, CiWatch } from "./schema.ts";

/** The policy that applies in a directory: the repository's file over the user's own `config.yaml` over the defaults. */
export interface LoadedPolicy {
  /** The repository's policy file, or null when there is none. */
  readonly path: string | null;
  /** The directory that holds `.control/`, or null without a policy file. */
  readonly workspace: string | null;
  readonly ci_watch: CiWatch;
  readonly ci_heal: CiHeal;
  /** Unknown keys, which are ignored, and names that look misspelt. */
  readonly warnings: readonly string[];
  /** Services that cannot be used as they are described; the rest of the policy stays usable. */
  readonly services: readonly string[];
  /** What is wrong with the files. The values of a block with a problem come from what is left of it. */
  readonly problems: readonly string[];
  /** The blocks as written: `policy` by the repository (to be trusted first), `config` by the user (trusted). */
  readonly raw: { readonly policy: RawBlocks; readonly config: RawBlocks };
}

/** Where to look for the policy. */
export interface PolicyPlace {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** The state directory, for `config.yaml`. */
  readonly home: string;
}

/**
 * The policy file that applies: `BROOMVA_P9_POLICY` as it is, else the nearest `.control/policy.yaml` from `cwd` upward; null: none.
 * One of another user governs nothing.
 */
export function findPolicy({ env, cwd }: Pick<PolicyPlace, "env" | "cwd">): string | null {
  const named = env.BROOMVA_P9_POLICY;
  if (named) {
    const path = isAbsolute(named) ? named : join(cwd, named);
    return existsSync(path) ? path : null;
  }
  for (let folder = cwd; ; folder = dirname(folder)) {
    const path = join(folder, ".control", "policy.yaml");
    if (isOurs(path, folder)) return path;
    if (folder === dirname(folder)) return null;
  }
}

/** Whether a file is there, and is of this user. Root reads for whoever owns the folder, as in a container. */
function isOurs(path: string, folder: string): boolean {
  const file = statSync(path, { throwIfNoEntry: false });
  const me = process.getuid?.();
  return file !== undefined && (me === undefined || file.uid === me || (me === 0 && file.uid === statSync(folder).uid));
}

/** Loads the policy. Never throws for what the files hold: see {@link requirePolicy}. */
export async function loadPolicy(place: PolicyPlace): Promise<LoadedPolicy> {
  const path = findPolicy(place);
  const configPath = join(place.home, "config.yaml");
  const policy = path === null ? null : await readBlocks(path);
  const config = await readBlocks(configPath);
  const warnings: string[] = [];
  const blocks: { ciWatch: CiWatch; file: string }[] = [];
  const problems = [policy?.problem, config?.problem].filter((problem) => problem !== undefined);

  const { checkBlock } = await import("./check.ts");
  const usable = (file: RawFile, name: (typeof BLOCK_NAMES)[number], from: string): unknown => {
    const raw = file?.blocks[name];
    if (raw === undefined || raw === null) return undefined;
    const checked = name === "ci_watch" ? checkBlock(name, raw, from) : checkBlock(name, raw, from);
    warnings.push(...checked.warnings);
    problems.push(...checked.problems);
    if ("providers" in checked.value) blocks.push({ ciWatch: checked.value, file: from });
    return checked.left;
  };
  const merged = (name: (typeof BLOCK_NAMES)[number]): unknown => {
    if (path !== null && policy && !policy.problem && policy.blocks[name] == null) {
      problems.push(`Cannot find the block "${name}:" in "${path}": p9 init --project adds it`);
    }
    return merge(usable(config, name, configPath), usable(policy, name, path ?? ""));
  };
  const ciWatch = checkBlock("ci_watch", merged("ci_watch"), configPath);
  const ciHeal = checkBlock("ci_heal", merged("ci_heal"), configPath);
  return {
    path,
    workspace: path === null ? null : dirname(dirname(path)),
    ci_watch: ciWatch.value,
    ci_heal: ciHeal.value,
    warnings: [...warnings, ...(await Promise.all(blocks.map(misspelt))).flat()],
    services: (await Promise.all(blocks.map(problemsOfServices))).flat(),
    problems,
    raw: { policy: policy?.blocks ?? {}, config: config?.blocks ?? {} },
  };
}

/** Loads what checks descriptions only where there is one. */
async function problemsOfServices({ ciWatch, file }: { ciWatch: CiWatch; file: string }): Promise<readonly string[]> {
  const { providers, index_sync, log_providers, reviewers } = ciWatch;
  if (Object.keys({ ...providers, ...index_sync, ...log_providers, ...reviewers }).length === 0) return [];
  const { serviceProblems } = await import("./services.ts");
  return serviceProblems(ciWatch, file);
}

/** Loads the names of reviewers only where some are named. */
async function misspelt({ ciWatch, file }: { ciWatch: CiWatch; file: string }): Promise<readonly string[]> {
  if (ciWatch.reviews.reviewers === "auto") return [];
  const { misspeltReviewers } = await import("./reviewer-names.ts");
  return misspeltReviewers(ciWatch, file);
}

/** Keys of `over` win; blocks are merged, lists and values replaced. */
function merge(under: unknown, over: unknown): unknown {
  if (over === undefined) return under ?? {};
  if (!isObject(under) || !isObject(over)) return over;
  const result: Record<string, unknown> = { ...under };
  for (const [key, value] of Object.entries(over)) result[key] = key in under ? merge(under[key], value) : value;
  return result;
}

/** What a command is about to do: `watch` is safe without a policy file, `act` (heal, merge-ready, escalate) is not. */
export type PolicyNeed = "watch" | "act";

/**
 * Refuses when the policy does not allow `need`: a malformed file always, a missing one for acting.
 *
 * @throws {PolicyError} naming the key or the file (exit 2).
 */
export function requirePolicy(policy: LoadedPolicy, need: PolicyNeed): void {
  const [problem, ...more] = policy.problems;
  if (problem) throw new PolicyError(more.length ? `${problem} (and ${more.length} more: p9 doctor)` : problem);
  if (need === "act" && policy.path === null) {
    throw new PolicyError('Cannot act without a policy: wanted a file ".control/policy.yaml" here or above', {
      hint: "p9 init --project writes one",
    });
  }
}

/** Refuses when a block is switched off. @throws {ForbiddenError} naming the key (exit 7). */
export function requireEnabled(policy: LoadedPolicy, block: (typeof BLOCK_NAMES)[number]): void {
  if (!policy[block].enabled) {
    throw new ForbiddenError(
      `The policy forbids it: "${block}.enabled" is false${policy.path ? ` in "${policy.path}"` : ""}`,
    );
  }
}
