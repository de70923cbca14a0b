import { Commit } from "./commit.ts";
import { shaOf } from "./ids.ts";
import type { DeploymentPlan, RulePlan } from "./plan.ts";
import { Pull, type PullOptions } from "./pull.ts";
import type { World } from "./world.ts";

/** One deployment of one commit. */
export interface Deployment {
  readonly id: number;
  readonly sha: string;
  readonly createdAt: number;
  readonly plan: DeploymentPlan;
}

/** One repository. */
export class Repo {
  readonly world: World;
  /** Differs from that of every other repository, also of one that had its name before. */
  readonly id: number;
  owner: string;
  name: string;
  readonly defaultBranch = "main";
  readonly branches = new Map<string, string>();
  readonly commits = new Map<string, Commit>();
  readonly pulls = new Map<number, Pull>();
  readonly deployments: Deployment[] = [];
  readonly rules: RulePlan[] = [];
  /** Workflow files of the repository; without a text they start on pull requests and pushes. `only`: heads do not have it, or the base. */
  readonly workflows: { name: string; path: string; text?: string; state?: string; only?: "head" | "base" }[] = [];
  /** Files of the default branch by path, or of another one as `branch:path`. `size`: bytes, where it is another than the text's. */
  readonly files = new Map<string, { text: string; size?: number; truncated?: boolean }>();
  /** The repository that it is a fork of. */
  readonly parent: Repo | null;
  /** Whether Actions runs anything here. Source: REST, "Get GitHub Actions permissions for a repository", `enabled`. */
  actionsEnabled = true;
  archived = false;
  /** Logins that may see it; `null` = everybody. To others it is not there. */
  readers: string[] | null = null;
  /** What the login may do: `ADMIN`, `MAINTAIN`, `WRITE`, `TRIAGE`, `READ`. */
  viewerPermission = "WRITE";
  readonly #runs = new Map<string, number>();

  constructor(world: World, owner: string, name: string, parent: Repo | null = null) {
    this.world = world;
    this.id = world.nextRepo();
    this.owner = owner;
    this.name = name;
    this.parent = parent;
    this.push(this.defaultBranch, `${parent?.fullName ?? `${owner}/${name}`} main`);
  }

  /** Makes or finds somebody's fork of it. */
  fork(owner: string, name = this.name): Repo {
    return this.world.repo(`${owner}/${name}`, this);
  }

  /** The number of the next run of a workflow. Source: GraphQL, `WorkflowRun.runNumber`: "uniquely identifies this workflow run in its parent workflow". */
  nextRun(workflow: string): number {
    const next = (this.#runs.get(workflow) ?? 0) + 1;
    this.#runs.set(workflow, next);
    return next;
  }

  /** `owner/name`. */
  get fullName(): string {
    return `${this.owner}/${this.name}`;
  }

  /** Registers a commit as pushed now; a known sha is kept as it is. */
  commit(label: string, more: { parents?: string[]; message?: string } = {}): Commit {
    const sha = shaOf(label);
    const known = this.commits.get(sha);
    if (known) return known;
    const message = more.message ?? `Commit ${sha.slice(0, 7)}`;
    const commit = new Commit(this, sha, { message, parents: more.parents ?? [], pushedAt: this.world.now() });
    this.commits.set(sha, commit);
    return commit;
  }

  /** Pushes to a branch that has no pull request. */
  push(branch: string, label: string): Commit {
    const parent = this.branches.get(branch);
    const commit = this.commit(label, { parents: parent ? [parent] : [] });
    commit.branch ??= branch;
    this.branches.set(branch, commit.sha);
    return commit;
  }

  /** The sha of a branch; the default branch's for an unknown one. */
  branchSha(name: string): string {
    return this.branches.get(name) ?? this.branches.get(this.defaultBranch)!;
  }

  /** Opens a pull request, or returns the one with that number. */
  pull(number: number, options: PullOptions = {}): Pull {
    const known = this.pulls.get(number);
    if (known) return known;
    const pull = new Pull(this, number, options);
    this.pulls.set(number, pull);
    return pull;
  }

  /** The pull requests that the API shows now. */
  shownPulls(): Pull[] {
    return [...this.pulls.values()].filter((pull) => pull.shown);
  }

  /** The pull request of that number, when the API shows it. */
  shownPull(number: number): Pull | undefined {
    const pull = this.pulls.get(number);
    return pull?.shown ? pull : undefined;
  }

  /** Demands checks of a branch (default: the default branch). */
  require(plan: RulePlan): this {
    this.rules.push(plan);
    return this;
  }

  /** Records a deployment of a commit, created now. */
  deploy(label: string, plan: DeploymentPlan): Deployment {
    const sha = this.commit(label).sha;
    const deployment = { id: this.world.ids.next(), sha, createdAt: this.world.now(), plan };
    this.deployments.push(deployment);
    return deployment;
  }

  /** Whether the first commit is the second or stands before it. */
  isAncestor(ancestor: string, sha: string): boolean {
    const todo = [sha];
    const seen = new Set<string>();
    for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
      if (at === ancestor) return true;
      if (seen.has(at)) continue;
      seen.add(at);
      todo.push(...(this.commits.get(at)?.parents ?? []));
    }
    return false;
  }
}
