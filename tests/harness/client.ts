import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Fields } from "../../src/harness/fields.ts";
import type { HarnessName } from "../../src/harness/harness.ts";
import { answerHook } from "../../src/hooks/entry.ts";
import { ROOT } from "../helpers/p9.ts";
import type { HookLab } from "../hooks/hook-lab.ts";

/** The events of one client in the order of a turn, and how it names session and folder. */
export interface ClientShape {
  readonly start: string;
  readonly prompt: string;
  readonly after: string;
  readonly stop: string;
  readonly base: (id: string, cwd: string) => object;
}

const claudes = { start: "SessionStart", prompt: "UserPromptSubmit", after: "PostToolUse", stop: "Stop" };
const packages = { start: "start", prompt: "prompt", after: "after-shell", stop: "stop" };
const inPackage = (session: string, cwd: string) => ({ session, cwd });

/** Shapes of all clients. */
export const SHAPES: Readonly<Record<HarnessName, ClientShape>> = {
  claude: { ...claudes, base: (session_id, cwd) => ({ session_id, cwd }) },
  codex: { ...claudes, base: (session_id, cwd) => ({ session_id, cwd }) },
  opencode: { ...packages, base: inPackage },
  pi: { ...packages, base: inPackage },
  copilot: {
    ...{ start: "sessionStart", prompt: "userPromptSubmitted", after: "postToolUse", stop: "agentStop" },
    base: (sessionId, cwd) => ({ sessionId, cwd }),
  },
  gemini: {
    ...{ start: "SessionStart", prompt: "BeforeAgent", after: "AfterTool", stop: "AfterAgent" },
    base: (session_id, cwd) => ({ session_id, cwd }),
  },
  droid: { ...claudes, base: (session_id, cwd) => ({ session_id, cwd }) },
  cline: {
    ...{ start: "TaskStart", prompt: "UserPromptSubmit", after: "PostToolUse", stop: "TaskComplete" },
    base: (rootSessionId, cwd) => ({ sessionContext: { rootSessionId }, workspaceRoots: [cwd] }),
  },
  cursor: {
    ...{ start: "sessionStart", prompt: "beforeSubmitPrompt", after: "postToolUse", stop: "stop" },
    base: (conversation_id, cwd) => ({ conversation_id, workspace_roots: [cwd] }),
  },
  windsurf: {
    ...{
      start: "pre_user_prompt",
      prompt: "pre_user_prompt",
      after: "post_run_command",
      stop: "post_cascade_response",
    },
    base: (trajectory_id, cwd) => ({ trajectory_id, tool_info: { cwd } }),
  },
  kiro: {
    ...{ start: "agentSpawn", prompt: "userPromptSubmit", after: "postToolUse", stop: "stop" },
    base: (session_id, cwd) => ({ session_id, cwd }),
  },
  goose: { ...claudes, base: (session_id, working_dir) => ({ session_id, working_dir }) },
  vscode: { ...claudes, base: (sessionId, cwd) => ({ sessionId, cwd }) },
};

/** What a client got from a hook. */
export interface ClientAnswer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks at what the client would get
  readonly json: any;
}

/** A session of a client, whose hooks are called as that client calls them. */
export class Client {
  readonly #lab: HookLab;
  readonly #harness: HarnessName;
  readonly #env: Readonly<Record<string, string>>;
  readonly id: string;

  constructor(lab: HookLab, harness: HarnessName, id: string, env: Readonly<Record<string, string>> = {}) {
    this.#lab = lab;
    this.#harness = harness;
    this.id = id;
    this.#env = { PATH: process.env.PATH ?? "", HOME: lab.root, BROOMVA_P9_HOME: lab.home, ...env };
  }

  get shape(): ClientShape {
    return SHAPES[this.#harness];
  }

  /** The session's name in p9. */
  get key(): string {
    return this.#harness === "claude" ? this.id : `${this.#harness}:${this.id}`;
  }

  get folder(): string {
    return join(this.#lab.home, "inbox", this.key);
  }

  async call(event: string, input: object = {}): Promise<ClientAnswer> {
    const { clock, project } = this.#lab;
    const stdin = JSON.stringify({ ...this.shape.base(this.id, project), ...input });
    let stdout = "";
    let stderr = "";
    const code = await answerHook(event, stdin, { harness: this.#harness, env: this.#env, clock }, (out, err) => {
      stdout += out;
      stderr += err;
    });
    this.#lab.now += 1_000;
    return { code, stdout, stderr, json: stdout.startsWith("{") ? JSON.parse(stdout) : {} };
  }

  start(input: object = {}): Promise<ClientAnswer> {
    return this.call(this.shape.start, input);
  }

  /** Its inbox. */
  inbox() {
    return JSON.parse(readFileSync(join(this.folder, "session.json"), "utf8"));
  }
}

/** One event that the real client sent, recorded in November 2026; its folders and addresses are made up. */
export interface Recorded {
  readonly event: string;
  readonly input: Fields;
}

/** What a client sent. */
export function recorded(harness: string): readonly Recorded[] {
  const text = readFileSync(join(ROOT, "tests/harness/recorded", `${harness}.jsonl`), "utf8");
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => {
      const { event, stdin } = JSON.parse(line);
      return { event, input: new Fields(stdin) };
    });
}
