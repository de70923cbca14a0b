// What each Claude Code hook costs, beside `sh -c :`, `node -e 0` and a Node hook that only parses its stdin:
// `node tests/bench/hooks.mjs [runs]`, after a build. All commands take turns, so that a busy machine slows all of them alike.
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const hooks = join(root, "hooks");
const runs = Number(process.argv[2] ?? 20);
const scratch = mkdtempSync(join(tmpdir(), "p9-bench-"));
const state = join(scratch, "p9");
const session = "bench-session";
const folder = join(state, "inbox", session);
const bin = join(scratch, "bin");
/** As `p9 init --project` writes it into a file that others share. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: the shell fills it in
const onPath = 'p9=$(command -v p9) && p9=$(readlink -f "$p9") || exit 0; "${p9%/*}/../hooks/"post-tool-use.sh';
const env = {
  PATH: `${bin}:${process.env.PATH}`,
  HOME: scratch,
  BROOMVA_P9_HOME: state,
  CLAUDE_CODE_SESSION_ID: session,
  CLAUDE_CODE_SESSION_ATTENDED: "1",
  CLAUDE_PID: String(process.pid),
  GH_CONFIG_DIR: join(scratch, "gh"),
};

const git = (args, cwd, more = {}) =>
  execFileSync("git", args, { cwd, env: { ...env, ...more }, stdio: "pipe", encoding: "utf8" });

/** A clone with so many remote branches, and the trace of one push from it. */
function makeRepo(refs) {
  const remote = join(scratch, `octo-${refs}`, "app.git");
  const work = join(scratch, `work-${refs}`);
  git(["init", "-q", "--bare", remote], scratch);
  git(
    [
      "-c",
      `url.${dirname(remote)}/.insteadOf=https://github.com/octo/`,
      "clone",
      "-q",
      "https://github.com/octo/app.git",
      work,
    ],
    scratch,
  );
  git(["config", `url.${dirname(remote)}/.insteadOf`, "https://github.com/octo/"], work);
  git(["config", "user.name", "Bench"], work);
  git(["config", "user.email", "bench@example.com"], work);
  git(["checkout", "-q", "-b", "feature"], work);
  git(["commit", "-q", "--allow-empty", "-m", "Start"], work);
  const sha = git(["rev-parse", "HEAD"], work).trim();
  const updates = Array.from({ length: refs }, (_, index) => `create refs/heads/branch-${index} ${sha}\n`).join("");
  git(["push", "-q", "origin", "HEAD:refs/heads/main"], work);
  execFileSync("git", ["update-ref", "--stdin"], { cwd: remote, input: updates, env });
  git(["fetch", "-q"], work);
  mkdirSync(join(work, ".control"));
  writeFileSync(join(work, ".control/policy.yaml"), "ci_watch:\n  enabled: true\nci_heal:\n  enabled: true\n");
  const pushed = join(scratch, `trace-push-${refs}`);
  const looked = join(scratch, `trace-status-${refs}`);
  for (const trace of [pushed, looked]) mkdirSync(trace);
  git(["status"], work, { GIT_TRACE2_EVENT: looked });
  git(["log", "--oneline", "-1"], work, { GIT_TRACE2_EVENT: looked });
  git(["commit", "-q", "--allow-empty", "-m", "Change"], work);
  git(["push", "-q", "origin", "feature"], work, { GIT_TRACE2_EVENT: pushed });
  return { refs, work, pushed, looked };
}

const trace = join(folder, "trace");
const fillTrace = (from) => () => {
  rmSync(trace, { recursive: true, force: true });
  if (from) cpSync(from, trace, { recursive: true });
  else mkdirSync(trace, { recursive: true });
};
const mark = (name, on) =>
  on ? writeFileSync(join(folder, name), "1\n") : rmSync(join(folder, name), { force: true });

const input = (event, cwd, more = {}) => JSON.stringify({ session_id: session, cwd, hook_event_name: event, ...more });
const ls = {
  tool_name: "Bash",
  tool_input: { command: "ls" },
  tool_response: { stdout: "x".repeat(2000), stderr: "" },
};
const script = (name, ...args) => [join(hooks, name), ...args];

function casesFor({ refs, work, pushed, looked }) {
  const before = (waits, from) => () => {
    fillTrace(from)();
    mark("waits", waits);
    for (const name of ["unread", "emitted"]) mark(name, false);
  };
  const at = (name) => `${name}, ${refs} refs`;
  return [
    [at("PreToolUse, nothing watched"), script("pre-tool-use.sh"), input("PreToolUse", work, ls), before(false, null)],
    [at("PreToolUse, something watched"), script("pre-tool-use.sh"), input("PreToolUse", work, ls), before(true, null)],
    [at("PostToolUse, no git"), script("post-tool-use.sh"), input("PostToolUse", work, ls), before(true, null)],
    [
      at("PostToolUse, git but no push"),
      script("post-tool-use.sh"),
      input("PostToolUse", work, ls),
      before(true, looked),
    ],
    [at("PostToolUse, a push"), script("post-tool-use.sh"), input("PostToolUse", work, ls), before(true, pushed)],
    [
      at("PostToolUse, no git, found by p9 on PATH"),
      ["sh", "-c", onPath],
      input("PostToolUse", work, ls),
      before(true, null),
    ],
    [at("Stop, nothing watched"), script("stop.sh"), input("Stop", work), before(false, null)],
    [at("Stop, something watched"), script("stop.sh"), input("Stop", work), before(true, null)],
    [
      at("UserPromptSubmit, something watched"),
      script("user-prompt-submit.sh"),
      input("UserPromptSubmit", work, { prompt: "hi" }),
      before(true, null),
    ],
    [
      at("FileChanged"),
      script("always.sh", "FileChanged"),
      input("FileChanged", work, { file_path: join(folder, "wake") }),
      before(true, null),
    ],
    [
      at("SessionStart"),
      script("always.sh", "SessionStart"),
      input("SessionStart", work, { source: "compact" }),
      before(true, null),
    ],
    [
      at("statusline"),
      [process.execPath, join(root, "dist/p9.js"), "statusline"],
      input("Status", work),
      before(true, null),
    ],
  ];
}

function time([, argv, stdin, before], cwd) {
  before?.();
  const start = process.hrtime.bigint();
  const { status, stderr } = spawnSync(argv[0], argv.slice(1), {
    input: stdin,
    env: { ...env, CLAUDE_ENV_FILE: join(scratch, "env.sh") },
    cwd,
  });
  const ms = Number(process.hrtime.bigint() - start) / 1e6;
  if (status !== 0) throw new Error(`"${argv.join(" ")}" ended with ${status}: ${stderr}`);
  return ms;
}

const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0;

try {
  mkdirSync(folder, { recursive: true });
  mkdirSync(bin);
  symlinkSync(join(root, "dist/p9.js"), join(bin, "p9"));
  const repos = [10, 10_000].map(makeRepo);
  const parse = join(scratch, "parse.js");
  writeFileSync(parse, 'JSON.parse(require("node:fs").readFileSync(0, "utf8"));\n');
  const cases = [
    ["sh -c :", ["sh", "-c", ":"], ""],
    ["node -e 0", [process.execPath, "-e", "0"], ""],
    ["node, parses its stdin", [process.execPath, parse], input("PostToolUse", scratch, ls)],
    ...repos.flatMap(casesFor),
  ];
  // The session starts, and pushes once: from here on something is watched.
  const [first] = repos;
  time(["", script("always.sh", "SessionStart"), input("SessionStart", first.work, { source: "startup" })], first.work);
  fillTrace(first.pushed)();
  time(["", script("post-tool-use.sh"), input("PostToolUse", first.work, ls)], first.work);
  const took = cases.map(() => []);
  for (let run = 0; run < runs + 2; run++)
    cases.forEach((each, index) => {
      const ms = time(each, scratch);
      if (run >= 2) took[index].push(ms);
    });
  console.log(`median and 90th percentile of ${runs} runs, ms`);
  cases.forEach(([name], index) => {
    const sorted = took[index].toSorted((a, b) => a - b);
    const high = sorted[Math.floor(sorted.length * 0.9)] ?? 0;
    console.log(`${median(sorted).toFixed(1).padStart(7)} ${high.toFixed(1).padStart(7)}  ${name}`);
  });
} finally {
  endDrivers();
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

/** The driver that the measured pushes started. */
function endDrivers() {
  let files = [];
  try {
    files = readdirSync(join(state, "drivers")).filter((name) => name.endsWith(".json"));
  } catch {
    return;
  }
  for (const name of files) {
    const { pid } = JSON.parse(readFileSync(join(state, "drivers", name), "utf8"));
    if (Number.isInteger(pid) && pid > 1) process.kill(pid, "SIGTERM");
  }
}
