import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Where a lab lies, when it is not alone. */
export interface LabOptions {
  /** Folder of the bare repositories that git believes to be github.com/octo. */
  readonly forge?: string;
  readonly home?: string;
  /** Name of the repository. */
  readonly name?: string;
}

/** A place to push from: a remote that git believes to be github.com, and a clone of it with one unpushed commit on `feature`. */
export class PushLab {
  readonly root: string;
  readonly home: string;
  readonly forge: string;
  readonly remote: string;
  readonly work: string;
  /** `owner/name`. */
  readonly repo: string;
  /** Address that a config rewrites to {@link remote}. */
  readonly url: string;

  constructor(root: string, options: LabOptions = {}) {
    const name = options.name ?? "app";
    this.root = root;
    this.home = options.home ?? join(root, "home");
    this.forge = options.forge ?? join(root, "octo");
    this.repo = `octo/${name}`;
    this.url = `https://github.com/octo/${name}.git`;
    this.remote = join(this.forge, `${name}.git`);
    this.work = join(root, "work");
    mkdirSync(this.home, { recursive: true });
    mkdirSync(root, { recursive: true });
    writeFileSync(join(this.home, ".gitconfig"), gitConfig(this.forge));
    this.git(["init", "-q", "--bare", this.remote], root);
    this.git(["init", "-q", "--bare", join(this.forge, "lib.git")], root);
    this.git(["clone", "-q", this.url, this.work], root);
    this.commit("Start");
    this.git(["push", "-q", "origin", "HEAD"]);
    this.git(["checkout", "-q", "-b", "feature"]);
    this.git(["config", "push.default", "current"]);
    this.commit("Change");
  }

  git(args: readonly string[], cwd = this.work): string {
    const env = { PATH: process.env.PATH ?? "", HOME: this.home };
    return execFileSync("git", args, { cwd, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
  }

  commit(subject: string, cwd = this.work): string {
    writeFileSync(join(cwd, `${subject.replace(/\W+/g, "-")}.txt`), subject);
    this.git(["add", "-A"], cwd);
    this.git(["commit", "-q", "-m", subject], cwd);
    return this.git(["rev-parse", "HEAD"], cwd);
  }

  write(path: string, text: string): void {
    writeFileSync(join(this.work, path), text);
  }
}

/** github.com/octo is a folder; with a password in the address, too. */
function gitConfig(forge: string): string {
  return `[user]
  name = Test
  email = test@example.com
[init]
  defaultBranch = main
[protocol "file"]
  allow = always
[advice]
  detachedHead = false
[url "${forge}/"]
  insteadOf = https://github.com/octo/
  insteadOf = https://me:hunter2@github.com/octo/
`;
}

/** A command of an agent, and the branches that it pushed. */
export interface PushScenario {
  readonly name: string;
  readonly prepare?: (lab: PushLab) => void;
  readonly command: string | ((lab: PushLab) => string);
  /** `owner/name branch` of each; none: nothing may be taken for a push. */
  readonly pushed: readonly string[];
  /** Folder whose HEAD was pushed. Default: the clone. */
  readonly from?: (lab: PushLab) => string;
  /** Ends after the tool call: `sleep` in the background. */
  readonly background?: boolean;
}

const FEATURE = ["octo/app feature"];

export const PUSHES: readonly PushScenario[] = [
  { name: "a plain push", command: "git push", pushed: FEATURE },
  { name: "a push with an upstream", command: "git push -u origin feature", pushed: FEATURE },
  { name: "cd and a pipe", command: "cd . && git push 2>&1 | tail -1", pushed: FEATURE },
  { name: "git -C from elsewhere", command: (lab) => `cd / && git -C ${lab.work} push`, pushed: FEATURE },
  { name: "git -c", command: "git -c color.ui=always push", pushed: FEATURE },
  {
    name: "an alias",
    prepare: (lab) => lab.git(["config", "alias.up", "push origin HEAD"]),
    command: "git up",
    pushed: FEATURE,
  },
  {
    name: "a shell alias",
    prepare: (lab) => lab.git(["config", "alias.up", "!git push"]),
    command: "git up",
    pushed: FEATURE,
  },
  {
    name: "a script",
    prepare: (lab) => lab.write("release.sh", "git push\n"),
    command: "sh release.sh",
    pushed: FEATURE,
  },
  {
    name: "npm run",
    prepare: (lab) => lab.write("package.json", '{"scripts":{"ship":"git push"}}'),
    command: "npm run ship",
    pushed: FEATURE,
  },
  { name: "--quiet", command: "git push --quiet", pushed: FEATURE },
  { name: "output thrown away", command: "git push >/dev/null 2>&1", pushed: FEATURE },
  { name: "--porcelain", command: "git push --porcelain", pushed: FEATURE },
  {
    name: "another name at the remote",
    command: "git push origin HEAD:refs/heads/topic/x",
    pushed: ["octo/app topic/x"],
  },
  { name: "a push to a URL", command: (lab) => `git push ${lab.url} HEAD:direct`, pushed: ["octo/app direct"] },
  {
    name: "a push to a URL with a password",
    command: (lab) => `git push https://me:hunter2@github.com/${lab.repo}.git HEAD:secretly`,
    pushed: ["octo/app secretly"],
  },
  {
    name: "a commit after the push, in one call",
    command: "git push && sleep 1.1 && git commit -q --allow-empty -m later",
    pushed: FEATURE,
    from: (lab) => lab.remote,
  },
  {
    name: "a forced push",
    command: "git push && git commit -q --amend -m again && git push --force-with-lease",
    pushed: FEATURE,
  },
  { name: "a branch and a tag", command: "git tag v1 && git push origin feature v1", pushed: FEATURE },
  {
    name: "one of two refs rejected",
    prepare: (lab) => {
      lab.git(["push", "-q", "origin", "HEAD~1:refs/heads/other"]);
      lab.git(["branch", "other", lab.git(["commit-tree", "HEAD^{tree}", "-m", "unrelated"])]);
    },
    command: "git push origin feature other",
    pushed: FEATURE,
  },
  {
    name: "a shallow clone's new branch",
    prepare: (lab) => {
      lab.git(["clone", "-q", "--depth", "1", `file://${lab.remote}`, join(lab.root, "shallow")], lab.root);
      lab.git(["remote", "set-url", "origin", lab.url], join(lab.root, "shallow"));
      lab.git(["checkout", "-q", "-b", "cloud"], join(lab.root, "shallow"));
      lab.commit("Cloud", join(lab.root, "shallow"));
    },
    command: (lab) => `cd ${join(lab.root, "shallow")} && git push -u origin cloud`,
    pushed: ["octo/app cloud"],
    from: (lab) => join(lab.root, "shallow"),
  },
  {
    name: "a worktree",
    prepare: (lab) => {
      lab.git(["worktree", "add", "-q", "-b", "side", join(lab.root, "side")]);
      lab.commit("Side", join(lab.root, "side"));
    },
    command: (lab) => `cd ${join(lab.root, "side")} && git push`,
    pushed: ["octo/app side"],
    from: (lab) => join(lab.root, "side"),
  },
  {
    name: "a worktree of a bare clone",
    prepare: (lab) => {
      const bare = join(lab.root, "bare.git");
      lab.git(["clone", "-q", "--bare", lab.url, bare], lab.root);
      lab.git(["worktree", "add", "-q", "-b", "from-bare", join(lab.root, "bare-tree")], bare);
      lab.commit("Bare", join(lab.root, "bare-tree"));
    },
    command: (lab) => `cd ${join(lab.root, "bare-tree")} && git push origin from-bare`,
    pushed: ["octo/app from-bare"],
    from: (lab) => join(lab.root, "bare-tree"),
  },
  {
    name: "a submodule",
    prepare: (lab) => {
      const seed = join(lab.root, "seed");
      lab.git(["clone", "-q", "https://github.com/octo/lib.git", seed], lab.root);
      lab.commit("Lib", seed);
      lab.git(["push", "-q", "origin", "HEAD"], seed);
      lab.git(["submodule", "--quiet", "add", "https://github.com/octo/lib.git", "lib"]);
      lab.git(["checkout", "-q", "-b", "in-lib"], join(lab.work, "lib"));
      lab.commit("Deep", join(lab.work, "lib"));
    },
    command: "git -C lib push origin in-lib",
    pushed: ["octo/lib in-lib"],
    from: (lab) => join(lab.work, "lib"),
  },
];

export const NO_PUSHES: readonly PushScenario[] = [
  { name: "a dry run", command: "git push --dry-run", pushed: [] },
  { name: "everything up to date", prepare: (lab) => lab.git(["push", "-q"]), command: "git push", pushed: [] },
  {
    name: "a deleted branch",
    prepare: (lab) => lab.git(["push", "-q", "origin", "HEAD:gone"]),
    command: "git push origin --delete gone",
    pushed: [],
  },
  {
    name: "a deleted branch, by refspec",
    prepare: (lab) => lab.git(["push", "-q", "origin", "HEAD:gone"]),
    command: "git push origin :gone",
    pushed: [],
  },
  { name: "a tag", command: "git tag v1 && git push origin v1", pushed: [] },
  { name: "a tag by its full name", command: "git tag v1 && git push origin refs/tags/v1", pushed: [] },
  { name: "a tag said to be one", command: "git tag v1 && git push origin tag v1", pushed: [] },
  { name: "all tags", command: "git tag v1 && git push --tags", pushed: [] },
  { name: "a fetch", command: "git fetch", pushed: [] },
  { name: "a rejected push", command: "git push origin HEAD~1:refs/heads/main nosuch", pushed: [] },
  { name: "a remote that does not exist", command: "git push nowhere feature", pushed: [] },
  { name: "the words alone", command: "echo git push", pushed: [] },
  { name: "other git commands", command: "git status && git log --oneline -1 && git gc -q", pushed: [] },
];
