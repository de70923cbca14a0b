import { afterEach, expect, test } from "vitest";
import { NO_PUSHES } from "../../hooks/pushes/push-scenarios.ts";
import { missingForClient } from "./support/client.ts";
import { bash, say } from "./support/model.ts";
import { named, play } from "./support/play.ts";
import { PLUGIN, World } from "./support/world.ts";

const missing = missingForClient();
let world: World;
afterEach(() => world?.destroy());

test.skipIf(missing)("the real client: what is no push is not watched, and nothing is said", async () => {
  world = await World.create();
  const played = await play(world, NO_PUSHES);
  played.forEach(({ news }, index) => {
    expect([named(NO_PUSHES, index), news.includes("p9 watches")]).toEqual([named(NO_PUSHES, index), false]);
  });
  expect(world.events()).toEqual([]);
});

test.skipIf(missing)("a push that ends in the background is noticed by the next event", async () => {
  world = await World.create();
  world.policy();
  world.model.script(bash("sleep 0.5 && git push", { run_in_background: true }), bash("sleep 2"), say("done"));
  await world.headless("push later", { args: PLUGIN });
  expect(world.model.requests[1]?.news).not.toContain("p9 watches");
  expect(world.model.requests[2]?.news).toContain("p9 watches the pull request of branch “feature” (octo/app)");
});

test.skipIf(missing)("another session's push in the same clone is not taken for one's own", async () => {
  world = await World.create();
  world.policy();
  const mine = world.stream({ args: PLUGIN });
  mine.send("hello");
  await mine.turn(1);
  world.model.script(bash("git push"), say("pushed"));
  await world.headless("push", { args: PLUGIN });
  const owner = String(world.events()[0]?.session_id);
  world.model.script(bash("git log --oneline -1 && git fetch"), say("looked"));
  mine.send("look");
  await mine.turn(2);
  await mine.close();
  expect(owner).not.toBe(mine.sessionId);
  const owners = world.events().filter(({ type }) => type === "transition" || type === "wait.subscribed");
  expect(owners.map(({ session_id }) => session_id)).not.toContain(mine.sessionId);
});

test.skipIf(missing)("without a policy p9 watches nothing and says nothing", async () => {
  world = await World.create();
  world.model.script(bash("git push"), say("pushed"));
  await world.headless("push", { args: PLUGIN });
  expect(world.model.requests.map(({ news }) => news).join()).not.toContain("p9 watches");
  expect(world.events()).toEqual([]);
});
