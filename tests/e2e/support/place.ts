import { type ChildProcess, execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { vi } from "vitest";
import { timeLeft } from "../../helpers/test-end.ts";
import { PushLab } from "../../hooks/pushes/push-scenarios.ts";
import { type GitHub, startGitHub } from "../../servers/github/mod.ts";
import { NAMESPACE } from "./namespace.ts";

// A client, its hooks and a driver start for each test: it takes up to half a minute alone.
vi.setConfig({ testTimeout: 180_000 });

const here = dirname(fileURLToPath(import.meta.url));
/** The repository's root, which is also the plugin's root. */
export const REPO = join(here, "../../..");
/** The port on which a client inside its namespace reaches the model. */
export const PORT = "18080";

/** A fresh home, project, bare remote and GitHub: what every client's test needs, and nothing of the machine's. */
export class Place {
  readonly root: string;
  readonly home: string;
  readonly project: string;
  /** The project's repository and its remote. */
  readonly lab: PushLab;
  readonly state: string;
  /** GitHub on loopback: what `gh` in the client's shells and in p9's driver speaks to. */
  github: GitHub | undefined;
  protected readonly children = new Set<ChildProcess>();

  constructor(name: string) {
    this.root = realpathSync(mkdtempSync(join(tmpdir(), `p9-${name}-`)));
    this.home = join(this.root, "home");
    this.state = join(this.root, "p9");
    this.lab = new PushLab(this.root, { home: this.home });
    this.project = this.lab.work;
  }

  /** Puts `p9` on PATH and starts GitHub. */
  async open(): Promise<void> {
    mkdirSync(join(this.root, "bin"));
    symlinkSync(join(REPO, "dist/p9.js"), join(this.root, "bin/p9"));
    this.github = await startGitHub();
  }

  /** Environment of whatever runs here. */
  env(extra: Record<string, string> = {}): Record<string, string> {
    return {
      PATH: `${join(this.root, "bin")}:${process.env.PATH ?? "/usr/bin:/bin"}`,
      HOME: this.home,
      TERM: "xterm-256color",
      LANG: "C.UTF-8",
      SHELL: "/bin/bash",
      TMPDIR: this.root,
      BROOMVA_P9_HOME: this.state,
      ...this.github?.env,
      ...extra,
    };
  }

  /** argv that runs `command` alone with its loopback, joined to what listens on `socket` by a relay. */
  alone(command: readonly string[], socket: string): [string, string[]] {
    return ["unshare", [...NAMESPACE, "--", process.execPath, join(here, "inside.mjs"), PORT, socket, ...command]];
  }

  git(args: readonly string[], cwd = this.project): string {
    return execFileSync("git", args, { cwd, env: this.env(), encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  }

  /** Commits one new file; returns the commit's sha. */
  commit(subject: string, cwd = this.project): string {
    writeFileSync(join(cwd, `${subject.replace(/\W+/g, "-")}.txt`), subject);
    this.git(["add", "-A"], cwd);
    this.git(["commit", "-q", "-m", subject], cwd);
    return this.git(["rev-parse", "HEAD"], cwd).trim();
  }

  /** What hooks could not do. */
  notes(): string {
    const path = join(this.state, "logs/hooks.log");
    return existsSync(path) ? readFileSync(path, "utf8") : "";
  }

  /** The events in p9's log. */
  events(): Record<string, unknown>[] {
    const path = join(this.state, "state.jsonl");
    if (!existsSync(path)) return [];
    const lines = readFileSync(path, "utf8").split("\n").filter(Boolean);
    return lines.map((line) => JSON.parse(line));
  }

  /** Turns p9 on for everything below this folder. */
  policy(text = "ci_watch:\n  enabled: true\nci_heal:\n  enabled: true\n"): void {
    this.write(".control/policy.yaml", text);
  }

  write(path: string, text: string): void {
    const full = join(this.root, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, text);
  }

  /** Ends every process that was started here, then removes the folder. */
  async destroy(): Promise<void> {
    for (const child of this.children) if (child.exitCode === null && child.pid) endTree(child.pid);
    for (const pid of strays(this.root)) endTree(pid);
    await this.github?.stop();
    rmSync(this.root, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

/** Waits until `ready` holds, looking every 50 ms, at most until shortly before the limit of the test. */
export async function until(ready: () => boolean, what: () => string): Promise<void> {
  const end = Date.now() + timeLeft();
  while (!ready()) {
    if (Date.now() > end) throw new Error(`Waited in vain for ${what()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function endTree(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // Gone already.
  }
}

/** Processes whose environment names this world: drivers and hooks that outlived their client. */
function strays(root: string): number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 1 && pid !== process.pid && environmentOf(pid).includes(`BROOMVA_P9_HOME=${root}/`));
}

function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8");
  } catch {
    return "";
  }
}
