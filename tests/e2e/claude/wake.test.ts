// needs: gh, namespaces
import { afterEach, expect, test } from "vitest";
import { anotherLook, hasVerdict, pullRequest, QUICK_POLICY } from "../support/pull-request.ts";
import { missingForClient } from "./support/client.ts";
import { bash, say } from "./support/model.ts";
import { PLUGIN, until, World } from "./support/world.ts";

const missing = missingForClient();

let world: World;
afterEach(() => world?.destroy());

test.skipIf(missing)(
  "an idle stream-json session is woken once, with the report and one next action; waiting cost no request",
  async () => {
    world = await World.create();
    world.policy(QUICK_POLICY);
    const pull = pullRequest(world, "FAILURE");
    world.model.script(bash("git push"), say("pushed"));
    const session = world.stream({ args: PLUGIN });
    session.send("push it");
    await session.turn(1);
    const before = world.model.requests.length;
    expect(world.model.requests[1]?.news).toContain("p9 watches");
    await anotherLook(world);
    expect(world.model.requests.length).toBe(before);
    pull.head.endChecks();
    await until(
      () => hasVerdict(world),
      () => `the end of the watch:\n${JSON.stringify(world.events(), null, 1)}`,
    );
    await session.turn(2);
    const woken = world.model.requests.slice(before);
    expect(woken).toHaveLength(1);
    expect(woken[0]?.news).toContain("PR #42 (octo/app) ended RED_");
    expect(woken[0]?.news).toContain("Next action: ");
    session.send("and now?");
    await session.turn(3);
    expect(world.model.requests.at(-1)?.news).not.toContain("ended RED_");
    await session.close();
    expect(session.turns).toBe(3);
  },
);

test.skipIf(missing)(
  "/clear loses nothing: the cleared session is told what it waits for, and is woken when it ends",
  async () => {
    world = await World.create();
    world.policy(QUICK_POLICY);
    const pull = pullRequest(world, "FAILURE");
    world.model.script(bash("git push"), say("pushed"));
    const session = world.stream({ args: PLUGIN });
    session.send("push it");
    await session.turn(1);
    const old = session.sessionId;
    session.send("/clear");
    await session.turn(2);
    session.send("what now?");
    await session.turn(3);
    expect(session.sessionId).not.toBe(old);
    expect(world.model.requests.at(-1)?.news).toContain("p9 watches for this session");
    pull.head.endChecks();
    await session.turn(4);
    expect(world.model.requests.at(-1)?.news).toContain("PR #42 (octo/app) ended RED_");
    await session.close();
  },
);
