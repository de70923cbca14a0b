import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { onTestFinished, vi } from "vitest";
import { trustSubjects } from "../../../src/cli/commands/setup/trust-subjects.ts";
import { loadPolicy } from "../../../src/config/load.ts";
import { askedAbout, grant } from "../../../src/trust/trust.ts";
import { ROOT, type Sandbox, sandbox } from "../../helpers/p9.ts";
import { type Commit, followGit, type GitHub, type Pull, type Repo, startGitHub } from "../../servers/github/mod.ts";

// A heal starts about a hundred programs: these tests take up to half a minute alone.
vi.setConfig({ testTimeout: 180_000 });

/** A line of sh for a repair or its set-up: it waits for {@link HealWorld.go}, in whatever working tree p9 runs it. */
export const UNTIL_GO = `until [ -e "$(git rev-parse --git-common-dir)/go" ]; do sleep 0.05; done`;

/** One job of the repository's CI: a real command, run on the commit that was pushed. */
export interface Job {
  readonly name: string;
  readonly command: string;
  /** Answers instead of running it: the log's lines and the exit code, by attempt. */
  readonly scripted?: (attempt: number, sha: string) => { lines: string[]; exit: number };
}

/** A real repository with a remote, a pull request with CI behind it, and a user who runs p9. */
export interface HealWorld {
  readonly user: Sandbox;
  readonly github: GitHub;
  readonly repo: Repo;
  readonly pull: Pull;
  /** The user's checkout, on the pull request's branch. */
  readonly checkout: string;
  readonly remote: string;
  readonly env: Record<string, string>;
  readonly branch: string;
  git(...args: string[]): string;
  /** Head of the branch at the remote. */
  head(): string;
  /** File of the branch at the remote. */
  file(path: string): string;
  /** Trusts everything that the repository names, as `p9 trust` does after its questions. */
  trust(): Promise<void>;
  /** Commits these files on the branch and pushes them; gives the commit. */
  push(files: Record<string, string>, message?: string): string;
  /** Lets {@link UNTIL_GO} go on. */
  go(): void;
  state(): string | undefined;
  last(): Record<string, unknown> & { extra: Record<string, unknown> };
}

/** What a test sets. */
export interface HealWorldOptions {
  readonly files?: Record<string, string>;
  /** Files that the pull request adds or changes. */
  readonly change: Record<string, string>;
  readonly jobs: readonly Job[];
  readonly policy?: string;
  readonly branch?: string;
  readonly title?: string;
}

const POLICY = "ci_watch:\n  settle: 0\nci_heal:\n  enabled: true\n";

/** Makes the world; everything ends with the test. */
export async function healWorld(options: HealWorldOptions): Promise<HealWorld> {
  const user = sandbox();
  const github = await startGitHub();
  onTestFinished(() => github.stop());
  const remote = join(user.dir, "remote.git");
  const checkout = join(user.dir, "checkout");
  const branch = options.branch ?? "feature/one";
  const env = { ...github.env, BROOMVA_P9_REPO: "octo/app", GIT_CONFIG_NOSYSTEM: "1" };
  const run = (cwd: string, ...args: string[]) =>
    execFileSync("git", args, {
      cwd,
      encoding: "utf8",
      env: { ...process.env, ...user.env },
      stdio: ["ignore", "pipe", "pipe"],
    }).trim();
  writeFileSync(
    join(user.dir, "gitconfig"),
    "[user]\n\tname = Robin\n\temail = robin@example.org\n[init]\n\tdefaultBranch = main\n[advice]\n\tdetachedHead = false\n",
  );
  run(user.dir, "init", "--quiet", "--bare", remote);
  run(user.dir, "clone", "--quiet", remote, checkout);
  const git = (...args: string[]) => run(checkout, ...args);
  const write = (files: Record<string, string>) => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(checkout, path)), { recursive: true });
      writeFileSync(join(checkout, path), text);
    }
  };
  write({ ".control/policy.yaml": options.policy ?? POLICY, ".gitignore": "node_modules\n", ...options.files });
  git("checkout", "--quiet", "-b", "main");
  git("add", "-A");
  git("commit", "--quiet", "-m", "start");
  git("push", "--quiet", "origin", "main");
  git("checkout", "--quiet", "-b", branch);
  const push = (files: Record<string, string>, message = "change") => {
    write(files);
    git("add", "-A");
    git("commit", "--quiet", "-m", message);
    git("push", "--quiet", "origin", `HEAD:refs/heads/${branch}`);
    return git("rev-parse", "HEAD");
  };
  linkModules(checkout);
  const first = push(options.change, "the change");
  const repo = github.world.repo("octo/app");
  repo.require({ required: options.jobs.map(({ name }) => name) });
  const pull = repo.pull(42, {
    head: first,
    branch,
    title: options.title ?? "Change one",
    files: Object.keys(options.change),
  });
  const ci = (commit: Commit) => runJobs(commit, options.jobs, remote, user.dir);
  ci(pull.head);
  followGit(repo, remote, ({ branch: name, commit }) => {
    if (name === branch && commit.sha !== first) ci(commit);
  });
  const events = () => user.events().filter(({ type, pr }) => type === "transition" && pr === 42);
  return {
    user,
    github,
    repo,
    pull,
    checkout,
    remote,
    env,
    branch,
    git,
    push,
    head: () => run(remote, "rev-parse", `refs/heads/${branch}`),
    file: (path) => run(remote, "show", `refs/heads/${branch}:${path}`),
    trust: async () => {
      const place = { home: user.home, env: { ...user.env, ...env }, cwd: checkout };
      const policy = await loadPolicy(place);
      const subjects = await trustSubjects({ ...place, policy, root: checkout });
      await grant(place, await Promise.all(subjects.map((one) => askedAbout(place, one))), Date.now());
    },
    go: () => writeFileSync(join(checkout, ".git", "go"), ""),
    state: () => events().at(-1)?.to_state as string | undefined,
    last: () => events().at(-1) as HealWorld["last"] extends () => infer R ? R : never,
  };
}

/** The project's dependencies are p9's own: a real linter, installed. */
function linkModules(checkout: string): void {
  mkdirSync(join(checkout, "node_modules", ".bin"), { recursive: true });
  symlinkSync(join(ROOT, "node_modules", ".bin", "biome"), join(checkout, "node_modules", ".bin", "biome"));
}

/** Runs each job on a clean checkout of the commit and plans its check from what really happened. */
function runJobs(commit: Commit, jobs: readonly Job[], remote: string, dir: string): void {
  const at = mkdtempSync(join(dir, "ci-"));
  execFileSync("git", ["clone", "--quiet", remote, at], { stdio: "ignore" });
  execFileSync("git", ["-C", at, "checkout", "--quiet", commit.sha], { stdio: "ignore" });
  linkModules(at);
  for (const job of jobs) {
    const attempt = (n: number) => job.scripted?.(n, commit.sha) ?? execute(job.command, at);
    const plan = (n: number) => {
      const { lines, exit } = attempt(n);
      return { ends: 0, conclusion: exit === 0 ? "SUCCESS" : "FAILURE", log: asLog(job.command, lines, exit) };
    };
    const again = job.scripted
      ? [
          { ...plan(2), ends: 1 },
          { ...plan(3), ends: 1 },
        ]
      : [];
    commit.checks({ name: job.name, ...plan(1), rerun: again });
  }
  rmSync(at, { recursive: true, force: true });
}

function execute(command: string, cwd: string): { lines: string[]; exit: number } {
  try {
    const out = execFileSync("sh", ["-c", `${command} 2>&1`], {
      cwd,
      encoding: "utf8",
      env: { ...process.env, CI: "1", NO_COLOR: "1" },
    });
    return { lines: out.split("\n"), exit: 0 };
  } catch (error) {
    const { stdout, status } = error as { stdout: string; status: number };
    return { lines: stdout.split("\n"), exit: status };
  }
}

/** A job's log as GitHub's API serves it. */
export function asLog(command: string, lines: readonly string[], exit: number): string {
  const all = [
    `##[group]Run ${command}`,
    `\u001b[36;1m${command}\u001b[0m`,
    "shell: /usr/bin/bash -e {0}",
    "##[endgroup]",
    ...lines,
  ];
  if (exit !== 0) all.push(`##[error]Process completed with exit code ${exit}.`);
  return all.map((line) => `2026-11-20T08:00:00.1234567Z ${line}`).join("\n");
}
