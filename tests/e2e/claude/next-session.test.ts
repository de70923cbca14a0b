// needs: gh, namespaces
import { afterEach, expect, test } from "vitest";
import { hasVerdict, pullRequest, QUICK_POLICY } from "../support/pull-request.ts";
import { missingForClient } from "./support/client.ts";
import { bash, say } from "./support/model.ts";
import { PLUGIN, until, World } from "./support/world.ts";

const missing = missingForClient();

let world: World;
afterEach(() => world?.destroy());

test.skipIf(missing)(
  "single-shot: nobody can be woken, so the next session of the working tree is told, once",
  async () => {
    world = await World.create();
    world.policy(QUICK_POLICY);
    pullRequest(world, "FAILURE").head.endChecks();
    world.model.script(bash("git push"), say("pushed"));
    await world.headless("push it", { args: PLUGIN });
    await until(
      () => hasVerdict(world),
      () => JSON.stringify(world.events()),
    );
    await world.headless("what is new?", { args: PLUGIN });
    expect(world.model.requests[2]?.news).toContain("PR #42 (octo/app) ended RED_");
    await world.headless("and now?", { args: PLUGIN });
    expect(world.model.requests[3]?.news).not.toContain("ended RED_");
  },
);

test.skipIf(missing)("--resume: what was never confirmed is told when the session goes on", async () => {
  world = await World.create();
  world.policy(QUICK_POLICY);
  pullRequest(world, "SUCCESS").head.endChecks();
  world.model.script(bash("git push"), say("pushed"));
  const events = await world.headless("push it", { args: PLUGIN });
  await until(
    () => hasVerdict(world),
    () => JSON.stringify(world.events()),
  );
  await world.headless("go on", { args: [...PLUGIN, "--resume", String(events.at(-1)?.session_id)] });
  expect(world.model.requests.at(-1)?.news).toContain("PR #42 (octo/app) ended GREEN");
});

test.skipIf(missing)("a fork goes on with what its parent waits for", async () => {
  world = await World.create();
  world.policy(QUICK_POLICY);
  pullRequest(world, "SUCCESS");
  world.model.script(bash("git push"), say("pushed"));
  const events = await world.headless("push it", { args: PLUGIN });
  const parent = String(events.at(-1)?.session_id);
  const forked = await world.headless("go on", { args: [...PLUGIN, "--resume", parent, "--fork-session"] });
  const child = String(forked.at(-1)?.session_id);
  expect(child).not.toBe(parent);
  expect(world.model.requests.at(-1)?.news).toContain("p9 watches for this session");
  expect(world.events()).toContainEqual(
    expect.objectContaining({ type: "session.link", session_id: child, linked_to: parent, source: "fork" }),
  );
});
