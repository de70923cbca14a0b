import { afterEach, expect, test } from "vitest";
import { PUSHES } from "../../hooks/pushes/push-scenarios.ts";
import { missingForClient } from "./support/client.ts";
import { named, play } from "./support/play.ts";
import { World } from "./support/world.ts";

const missing = missingForClient();
let world: World;
afterEach(() => world?.destroy());

test.skipIf(missing)("the real client: every form of push is watched, and the model is told in one line", async () => {
  world = await World.create();
  const played = await play(world, PUSHES);
  played.forEach(({ lab, news, registered }, index) => {
    const wanted = PUSHES[index]?.pushed.map((push) => push.replace("octo/app", lab.repo)) ?? [];
    expect([named(PUSHES, index), registered]).toEqual([named(PUSHES, index), wanted]);
    expect([named(PUSHES, index), news.match(/p9 watches/g)?.length]).toEqual([named(PUSHES, index), 1]);
    expect(news).not.toContain("hunter2");
  });
  expect(JSON.stringify(world.events())).not.toContain("hunter2");
});
