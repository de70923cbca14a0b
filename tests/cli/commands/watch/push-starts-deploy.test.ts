// needs: time, git
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { eventually, type Sandbox, sandbox } from "../../../helpers/p9.ts";
import { vercelVendor } from "../../../servers/vendors/vercel.ts";
import { startDeployVendor } from "../../../servers/vendors/world.ts";

/** A clone with a policy and a bare remote, in a client's session whose hooks are the real program. */
async function clientSession(policy: string) {
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
async function bash(
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

const waits = async (user: Sandbox) =>
  (await user.json<{ open_waits: { kind: string; sha: string; to_state: string }[] }>(["status"])).open_waits;

describe("a push to main in a repository with vercel.json", () => {
  it("starts a deploy watch by itself once ci_watch.auto says so, which is followed to its end in the background", async () => {
    const { user, vendor, env, git, hook } = await clientSession("ci_watch:\n  auto: [deploy]\nci_heal: {}\n");
    expect(readFileSync(env.CLAUDE_ENV_FILE, "utf8")).toContain("export");
    const sha = git("rev-parse", "HEAD");
    vendor.world.items.push({ id: vercelVendor.ids[0], sha, state: "BUILDING", at: Date.now() });
    const { stdout } = await bash(user, env.CLAUDE_ENV_FILE, "git push -q origin main", hook);
    expect(stdout).toContain("deploy");
    expect(await waits(user)).toMatchObject([{ kind: "deploy", sha, to_state: "WATCHING" }]);
    await eventually("the driver follows the deploy", () =>
      user.events().some((event) => event.type === "wait.pinned"),
    );
    for (const item of vendor.world.items) item.state = "READY";
    await eventually("the deploy is green", () => user.events().some((event) => event.to_state === "GREEN"));
  });

  it("starts none without it", async () => {
    const { user, env, hook } = await clientSession("ci_watch:\n  auto: []\nci_heal: {}\n");
    await bash(user, env.CLAUDE_ENV_FILE, "git push -q origin main", hook);
    expect(await waits(user)).toEqual([]);
  });

  it("starts none for a branch that the policy's service does not deploy", async () => {
    const { user, env, hook } = await clientSession(
      "ci_watch:\n  auto: [deploy]\n  providers: { vercel: { project: prj_web, branches: [main] } }\nci_heal: {}\n",
    );
    await bash(user, env.CLAUDE_ENV_FILE, "git push -q origin HEAD:feature/x", hook);
    expect(await waits(user)).toEqual([]);
    await bash(user, env.CLAUDE_ENV_FILE, "git push -q origin main", hook);
    expect(await waits(user)).toMatchObject([{ kind: "deploy" }]);
  });
});
