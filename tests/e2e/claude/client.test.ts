// needs: gh, namespaces
import { afterEach, expect, test } from "vitest";
import { missingForClient } from "./support/client.ts";
import { bash, say } from "./support/model.ts";
import { World } from "./support/world.ts";

const missing = missingForClient();
let world: World;
afterEach(() => world?.destroy());

test.skipIf(missing)(
  "the scripted model drives the real client: a tool runs, and its result reaches the next request",
  async () => {
    world = await World.create();
    world.model.script(bash("echo from-the-tool"), say("all done"));
    const events = await world.headless("do it");
    expect(events.at(-1)).toMatchObject({ type: "result", subtype: "success", result: "all done" });
    expect(world.model.requests).toHaveLength(2);
    expect(world.model.requests[1]?.news).toContain("from-the-tool");
  },
);
