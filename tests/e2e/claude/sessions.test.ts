// needs: gh, namespaces
import { afterEach, expect, test } from "vitest";
import { hasVerdict, pullRequest, QUICK_POLICY } from "../support/pull-request.ts";
import { missingForClient } from "./support/client.ts";
import { type Block, bash, say } from "./support/model.ts";
import { PLUGIN, until, World } from "./support/world.ts";

const missing = missingForClient();

let world: World;
afterEach(() => world?.destroy());

test.skipIf(missing)(
  "waiting by hand for what p9 watches is answered with how far it is; other sleeps run",
  async () => {
    world = await World.create();
    world.policy(QUICK_POLICY);
    pullRequest(world, "SUCCESS");
    world.model.script(
      bash("git push"),
      bash("sleep 20"),
      bash("gh pr checks --watch"),
      bash("sleep 1 && echo slept"),
      say("done"),
    );
    await world.headless("push and wait", { args: PLUGIN });
    expect(world.model.requests[2]?.news).toContain("p9 already watches");
    expect(world.model.requests[2]?.news).toContain("p9 attach");
    expect(world.model.requests[3]?.news).toContain("p9 already watches");
    expect(world.model.requests[4]?.news).toContain("slept");
  },
);

test.skipIf(missing)("two sessions in one clone get each their own ending", async () => {
  world = await World.create();
  world.policy(QUICK_POLICY);
  const pull = pullRequest(world, "FAILURE");
  const one = world.stream({ args: PLUGIN });
  const two = world.stream({ args: PLUGIN });
  two.send("hello");
  await two.turn(1);
  world.model.script(bash("git push"), say("pushed"));
  one.send("push");
  await one.turn(1);
  pull.head.endChecks();
  await one.turn(2);
  two.send("and here?");
  await two.turn(2);
  const told = world.model.requests.filter(({ news }) => news.includes("ended RED_"));
  expect(told).toHaveLength(1);
  await Promise.all([one.close(), two.close()]);
  expect(two.turns).toBe(2);
});

test.skipIf(missing)(
  "a subagent's push is watched, and its parent, not the subagent, is told how it ended",
  async () => {
    world = await World.create();
    world.policy(QUICK_POLICY);
    pullRequest(world, "FAILURE").head.endChecks();
    const agent: Block[] = [
      {
        type: "tool_use",
        name: "Agent",
        input: { description: "push", prompt: "SUBAGENT: push it", subagent_type: "general-purpose" },
      },
    ];
    let since = 0;
    world.model.responder = ({ messages }) => {
      if (!JSON.stringify(messages[0]).includes("SUBAGENT")) return undefined;
      // The subagent pushes, and works on until well after the end.
      const spoken = messages.filter(({ role }) => role === "assistant").length;
      if (spoken === 0) return bash("git push");
      if (hasVerdict(world)) since += 1;
      return since < 4 ? bash("sleep 1") : say("subagent done");
    };
    world.model.script(agent, say("the agent works"));
    const session = world.stream({ args: PLUGIN });
    session.send("delegate");
    await until(
      () => world.model.requests.some(({ news }) => news.includes("ended RED_")),
      () => `a telling:\n${JSON.stringify(world.events())}\n${world.notes()}`,
    );
    await until(
      () => world.model.requests.some(({ news }) => news.includes("subagent done")),
      () => "the subagent's end",
    );
    const told = world.model.requests.filter(({ news }) => news.includes("ended RED_"));
    expect(told).toHaveLength(1);
    expect(JSON.stringify(told[0]?.messages[0])).not.toContain("SUBAGENT");
    await session.close();
  },
);

test.skipIf(missing)("gh pr create binds the wait that the push made", async () => {
  world = await World.create();
  world.policy(QUICK_POLICY);
  world.model.script(bash("git push"), say("pushed"));
  const session = world.stream({ args: PLUGIN });
  session.send("push");
  await session.turn(1);
  pullRequest(world, "SUCCESS").head.endChecks();
  const url = "https://github.com/octo/app/pull/42";
  world.model.script(bash(`gh() { echo ${url}; }; gh pr create --fill`), say("created"));
  session.send("create it");
  await session.turn(2);
  expect(world.model.requests.at(-1)?.news).toContain("p9 watches PR #42 (octo/app)");
  await until(
    () => hasVerdict(world),
    () => JSON.stringify(world.events()),
  );
  const registered = world.events().filter(({ type, from_state }) => type === "transition" && from_state === null);
  const live = new Set(world.events().flatMap(({ wait_id, to_state }) => (to_state === "GREEN" ? [wait_id] : [])));
  expect(live.size).toBe(1);
  expect(registered.length).toBeLessThanOrEqual(2);
  await session.close();
});
