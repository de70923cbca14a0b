// needs: time, git
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { eventually, type Sandbox } from "../../../helpers/p9.ts";
import { vercelVendor } from "../../../servers/vendors/vercel.ts";
import { bash, clientSession } from "./client-session.ts";

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
