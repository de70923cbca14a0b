import { normalPath, underAny } from "../../base/glob.ts";
import type { IsolationTier } from "../../contract/queue-source.ts";
import { mentionedPaths } from "./mentioned-paths.ts";
import { kindByWords, type WorkKind } from "./work-words.ts";

/** Every isolation tier. */
export const TIERS = ["none", "worktree", "stacked_branch", "blocked"] as const satisfies readonly IsolationTier[];

/** Tier by kind of work. */
export type TierMap = Readonly<Record<WorkKind, IsolationTier>>;

/** What applies without a policy. */
export const DEFAULT_TIERS: TierMap = {
  research: "none",
  docs: "none",
  code_independent: "worktree",
  code_dependent: "stacked_branch",
  governance: "blocked",
};

/** Paths that only people may change; a policy adds to them and removes none. */
const GOVERNANCE_PATHS = ["CLAUDE.md", "AGENTS.md", ".control/"] as const;

/** What the tier is inferred from. */
export interface Work {
  readonly item: string;
  readonly files: readonly string[];
  /** Files that the pull request in flight changes. */
  readonly changed: readonly string[];
  /** A sentence when the item's files and the changed ones import each other, else null. */
  readonly related: string | null;
  /** Given by hand or, where `found`, by the source that offers it. */
  readonly tier?: IsolationTier | null;
  readonly found?: boolean;
}

/** What the policy says. */
export interface IsolationPolicy {
  readonly tiers: TierMap;
  /** Paths and globs beside {@link GOVERNANCE_PATHS}. */
  readonly governancePaths: readonly string[];
}

/** What applies without a policy. */
export const DEFAULT_ISOLATION: IsolationPolicy = { tiers: DEFAULT_TIERS, governancePaths: [] };

/** A tier with the reason for it, in a few words. */
export interface Inferred {
  readonly tier: IsolationTier;
  readonly kind: WorkKind;
  readonly why: string;
}

/** Where a piece of work may be done. A tier that is given wins, except over `blocked`. */
export function inferTier(work: Work, policy: IsolationPolicy = DEFAULT_ISOLATION): Inferred {
  const { kind, why } = kindOfWork(work, policy);
  // Work on the rules themselves is for people, whatever the policy's map says.
  const tier = kind === "governance" ? "blocked" : policy.tiers[kind];
  if (tier === "blocked" || !work.tier) return { tier, kind, why };
  return { tier: work.tier, kind, why: work.found ? "its source says so" : `given by hand (else ${tier}: ${why})` };
}

function kindOfWork(work: Work, policy: IsolationPolicy): { kind: WorkKind; why: string } {
  const named = mentionedPaths(work.item);
  const governed = [...GOVERNANCE_PATHS, ...policy.governancePaths];
  const touched = [...work.files, ...named].find((path) => underAny(path, governed));
  if (touched) return { kind: "governance", why: `touches ${normalPath(touched)}` };

  const words = kindByWords(work.item);
  const readsOnly = work.files.length === 0 && words.kind === "research";
  const paths = (work.files.length > 0 ? work.files : named).map(normalPath);
  if (paths.length === 0 || readsOnly) return words;
  const shared = paths.find((path) => work.changed.some((file) => sameOrInside(file, path)));
  if (shared) return { kind: "code_dependent", why: `shares ${shared} with the change in flight` };
  if (work.related) return { kind: "code_dependent", why: work.related };
  if (paths.every(isDocument)) return { kind: "docs", why: `only documents: ${paths[0]}` };
  const apart =
    work.changed.length > 0 ? " has nothing to do with the change in flight" : ": no change is in flight here";
  return { kind: "code_independent", why: `${paths[0]}${apart}` };
}

function sameOrInside(file: string, path: string): boolean {
  return file === path || file.startsWith(`${path}/`) || (!path.includes("/") && file.endsWith(`/${path}`));
}

/** Whether a path is prose: nothing is built, run or tested from it. */
function isDocument(path: string): boolean {
  return (
    /\.(?:md|mdx|markdown|rst|adoc|txt|org)$/i.test(path) ||
    /(?:^|\/)(?:README|CHANGELOG|LICEN[CS]E|CONTRIBUTING|NOTICE|AUTHORS)$/i.test(path) ||
    (/^(?:docs?|documentation|references)\//i.test(path) &&
      !/\.(?:[cm]?[jt]sx?|py|go|rs|rb|sh|java|c|cpp)$/i.test(path))
  );
}
