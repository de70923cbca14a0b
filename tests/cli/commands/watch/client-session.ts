import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type Sandbox, sandbox } from "../../../helpers/p9.ts";
import { vercelVendor } from "../../../servers/vendors/vercel.ts";
import { startDeployVendor } from "../../../servers/vendors/world.ts";

/** A clone with a policy and a bare remote, in a client's session whose hooks are the real program. */
export async function clientSession(policy: string) {
  const user = sandbox();
  const vendor = await startDeployVendor(vercelVendor);
  onTestFinished(() => vendor.close());
  const env = {
    ...vercelVendor.env(vendor.url),
    CLAUDE_CODE_SESSION_ID: "one",
    CLAUDE_PID: String(process.pid),
    CLAUDE_ENV_FILE: join(user.dir, "env.sh"),
  };
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b.test", ...args], {
      cwd: user.work,
      encoding: "utf8",
      env: { ...process.env, ...user.env },
    }).trim();
  execFileSync("git", ["init", "-q", "--bare", join(user.dir, "remote.git")]);
  git("init", "-q", "-b", "main");
  git("remote", "add", "origin", join(user.dir, "remote.git"));
  user.write(".control/policy.yaml", policy);
  user.write("vercel.json", "{}");
  git("add", ".");
  git("commit", "-q", "-m", "one");
  const hook = (event: string, more: object = {}) =>
    user.p9(["hook", event], {
      env,
      input: JSON.stringify({ session_id: "one", cwd: user.work, hook_event_name: event, ...more }),
    });
  await hook("SessionStart", { source: "startup" });
  return { user, vendor, env, git, hook };
}

/** Runs a command as the client's Bash tool does: with what SessionStart exported, and the hook after it. */
export async function bash(
  { work, env }: Sandbox,
  exported: string,
  command: string,
  hook: (event: string, more: object) => Promise<{ stdout: string }>,
) {
  execFileSync("bash", ["-c", `. ${exported}; ${command}`], {
    cwd: work,
    env: { ...process.env, ...env },
    stdio: "ignore",
  });
  return hook("PostToolUse", {
    tool_name: "Bash",
    tool_input: { command },
    tool_response: { stdout: "", stderr: "", interrupted: false },
    tool_use_id: "t1",
  });
}
