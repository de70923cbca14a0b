import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Clock } from "../../src/base/clock.ts";
import { openStore } from "../../src/cli/program/open-store.ts";
import type { Transition } from "../../src/core/events.ts";
import type { State } from "../../src/core/states.ts";
import { answerHook } from "../../src/hooks/entry.ts";
import type { Store } from "../../src/store/store.ts";
import { killAllWith } from "../helpers/processes.ts";

/** What a hook wrote, and how it ended. */
export interface HookResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
  /** What the model is told. */
  readonly context: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks at what the client would get
  readonly json: any;
}

/** A state directory, a clock and client sessions whose hooks are called as the client calls them. */
export class HookLab {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), "p9-hooks-")));
  readonly home = join(this.root, "p9");
  readonly project = join(this.root, "project");
  now = Date.parse("2026-11-20T12:00:00Z");
  readonly clock: Clock = { now: () => this.now, monotonic: () => this.now, sleep: async () => {} };
  readonly store: Store;

  constructor() {
    mkdirSync(this.project);
    mkdirSync(this.home, { mode: 0o700 });
    this.store = openStore(this.home, this.clock);
  }

  policy(text = "ci_watch:\n  enabled: true\nci_heal:\n  enabled: true\n"): void {
    this.write(".control/policy.yaml", text);
  }

  write(path: string, text: string): void {
    const full = join(this.project, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, text);
  }

  session(id: string, env: Record<string, string> = {}): Session {
    return new Session(this, id, env);
  }

  /** Registers a pull request's wait and has it watched. */
  async watch(session: string, pr: number, extra: object = {}): Promise<string> {
    const wait_id = `w${pr}`;
    const row = {
      type: "transition",
      wait_id,
      kind: "pr-ci",
      ref: `#${pr}`,
      pr,
      repo: "octo/app",
      sha: null,
      watcher_id: "watcher",
      attempt: 0,
      evaluator_score: null,
      session_id: session,
      extra: { key: `pr:${pr}`, ...extra },
    } as const;
    await this.store.commit(() => [
      { ...row, from_state: null, to_state: "PUSHED" },
      { ...row, from_state: "PUSHED", to_state: "WATCHING" },
    ]);
    await this.store.settled();
    return wait_id;
  }

  /** Moves a wait on, as a driver would. */
  async move(wait_id: string, to: State, extra: Transition["extra"] = {}): Promise<void> {
    const wait = this.store.find(wait_id);
    if (!wait) throw new Error(`No wait ${wait_id}`);
    await this.store.transition(wait, to, { extra });
    await this.store.settled();
    this.now += 1_000;
  }

  notes(): string {
    try {
      return readFileSync(join(this.home, "logs/hooks.log"), "utf8");
    } catch {
      return "";
    }
  }

  async destroy(): Promise<void> {
    // A driver that a hook started would go on writing.
    await killAllWith(this.root);
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** One client session. */
export class Session {
  readonly #lab: HookLab;
  readonly id: string;
  readonly envFile: string;
  readonly #env: Record<string, string>;

  constructor(lab: HookLab, id: string, env: Record<string, string>) {
    this.#lab = lab;
    this.id = id;
    this.envFile = join(lab.root, `env-${id}.sh`);
    this.#env = {
      PATH: process.env.PATH ?? "",
      HOME: lab.root,
      BROOMVA_P9_HOME: lab.home,
      CLAUDE_CODE_SESSION_ID: id,
      CLAUDE_CODE_SESSION_ATTENDED: "1",
      CLAUDE_PID: String(process.pid),
      ...env,
    };
  }

  get folder(): string {
    return join(this.#lab.home, "inbox", this.id);
  }

  get wake(): string {
    return join(this.folder, "wake");
  }

  async call(event: string, input: object = {}): Promise<HookResult> {
    let stdout = "";
    let stderr = "";
    const stdin = { session_id: this.id, cwd: this.#lab.project, hook_event_name: event, ...input };
    const env = event === "SessionStart" ? { ...this.#env, CLAUDE_ENV_FILE: this.envFile } : this.#env;
    const world = { env, clock: this.#lab.clock };
    const code = await answerHook(event, JSON.stringify(stdin), world, (out, err) => {
      stdout += out;
      stderr += err;
    });
    this.#lab.now += 1_000;
    const json = stdout ? JSON.parse(stdout) : {};
    return { stdout, stderr, code, json, context: json.hookSpecificOutput?.additionalContext ?? "" };
  }

  start(source = "startup"): Promise<HookResult> {
    return this.call("SessionStart", { source });
  }

  /** The client saw the wake file change. */
  fileChanged(): Promise<HookResult> {
    return this.call("FileChanged", { file_path: this.wake, event: "change" });
  }
}
