import { spawn } from "node:child_process";
import { startGitHub } from "../../servers/github/mod.ts";

/** Runs a program for at most so many seconds; `code` is null when it had to be ended. */
export function runFor(
  argv: readonly string[],
  seconds: number,
  options: { readonly env: NodeJS.ProcessEnv; readonly cwd?: string },
): Promise<{ code: number | null; output: string }> {
  const [program = "", ...args] = argv;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const add = (chunk: Buffer) => {
      output += chunk.toString();
    };
    child.stdout.on("data", add);
    child.stderr.on("data", add);
    child.once("error", reject);
    const timer = setTimeout(() => child.kill("SIGKILL"), seconds * 1000);
    child.once("close", (code) => {
      clearTimeout(timer);
      resolve({ code, output });
    });
  });
}

/** Points that the real `gh pr checks --watch` takes for each of its looks. */
export async function ghWatchCost(seconds: number): Promise<{ perLook: number }> {
  const github = await startGitHub();
  try {
    github.world.repo("octo/app").pull(42).head.checks("build", { name: "test", ends: null });
    const argv = ["gh", "pr", "checks", "42", "--watch", "--interval", "1", "-R", "octo/app"];
    await runFor(argv, seconds, { env: { ...process.env, ...github.env } });
    const looks = github.seen.filter((seen) => seen.query?.includes("statusCheckRollup"));
    return { perLook: github.points / Math.max(1, looks.length) };
  } finally {
    await github.stop();
  }
}
