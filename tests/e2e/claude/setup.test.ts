// needs: gh, namespaces
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { hasVerdict, pullRequest, QUICK_POLICY } from "../support/pull-request.ts";
import { findClient, missingForClient } from "./support/client.ts";
import { bash, say } from "./support/model.ts";
import { PLUGIN, REPO, until, World } from "./support/world.ts";

const missing = missingForClient();

let world: World;
afterEach(() => world?.destroy());

test.skipIf(missing)("`claude plugin validate` accepts the plugin", async () => {
  world = await World.create();
  const validate = () =>
    execFileSync(findClient() ?? "", ["plugin", "validate", REPO], { env: world.env(), encoding: "utf8" });
  expect(validate()).toContain("Validation passed");
});

test.skipIf(missing)("hooks of plugin and settings together do not fire double", async () => {
  world = await World.create();
  world.policy(QUICK_POLICY);
  pullRequest(world, "SUCCESS");
  execFileSync(process.execPath, [join(REPO, "dist/p9.js"), "init", "--user"], {
    cwd: world.project,
    env: world.env(),
  });
  world.model.script(bash("git push"), bash("sleep 15"), say("done"));
  await world.headless("push", { args: PLUGIN });
  expect(world.model.requests[1]?.news.match(/p9 watches/g)).toHaveLength(1);
  expect(world.model.requests[2]?.news.match(/p9 already watches/g)).toHaveLength(1);
  expect(world.events().filter(({ from_state, type }) => type === "transition" && from_state === null)).toHaveLength(1);
});

test.skipIf(missing)("p9 init run by the agent works in the same session, which is told the end", async () => {
  world = await World.create();
  const pull = pullRequest(world, "SUCCESS");
  const quick = "sed -i '0,/enabled: true/s//&\\n  settle: 1/' .control/policy.yaml";
  world.model.script(
    bash(`p9 init --project && ${quick}`),
    bash("sleep 3"),
    bash("git push"),
    say("pushed"),
    say("seen"),
  );
  const session = world.stream();
  session.send("set it up and push");
  await session.turn(1);
  pull.head.endChecks();
  await until(
    () => hasVerdict(world),
    () => `a verdict:\n${world.notes()}`,
  );
  session.send("and now?");
  await session.turn(2);
  expect(world.model.requests[4]?.news).toContain("ended GREEN");
  expect(world.model.requests[1]?.news).toContain("p9 is set up for everybody");
  expect(world.model.requests[3]?.news).toContain("p9 watches");
  await session.close();
  const { hooks } = JSON.parse(readFileSync(join(world.project, ".claude/settings.json"), "utf8"));
  expect(Object.keys(hooks)).toContain("SessionStart");
});

test.skipIf(missing)("the packed plugin works where its dependencies were not installed", async () => {
  world = await World.create();
  world.policy(QUICK_POLICY);
  const pull = pullRequest(world, "FAILURE");
  execFileSync("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", world.root], {
    cwd: REPO,
    stdio: "pipe",
  });
  execFileSync("sh", ["-c", "tar xzf *.tgz"], { cwd: world.root });
  // The plugin's own p9 is the only one.
  rmSync(join(world.root, "bin/p9"));
  world.model.script(bash("git push"), bash("command -v p9; p9 status"), say("pushed"));
  const session = world.stream({ args: ["--plugin-dir", join(world.root, "package")] });
  session.send("push");
  await session.turn(1);
  pull.head.endChecks();
  await session.turn(2);
  expect(world.model.requests[1]?.news).toContain("p9 watches");
  expect(world.model.requests[2]?.news).toContain(join(world.root, "package/bin/p9"));
  expect(world.model.requests[2]?.news).toMatch(/PR (feature|#42) \(octo\/app\)/);
  expect(world.model.requests[3]?.news).toContain("ended RED_");
  expect(world.notes()).toBe("");
  await session.close();
});
