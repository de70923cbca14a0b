// needs: gh, namespaces
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { NO_PUSHES, PUSHES, PushLab, type PushScenario } from "../../hooks/push-scenarios.ts";
import { missingForClient } from "./support/client.ts";
import { bash, say } from "./support/model.ts";
import { PLUGIN, World } from "./support/world.ts";

const missing = missingForClient();
let world: World;
afterEach(() => world?.destroy());

/** Plays scenarios as tool calls of one session; gives what each call told the model. */
async function play(scenarios: readonly PushScenario[]) {
  world = await World.create();
  world.policy();
  const forge = join(world.root, "octo");
  const labs = scenarios.map((scenario, index) => {
    const lab = new PushLab(join(world.root, `lab-${index}`), { home: world.home, forge, name: `app-${index}` });
    scenario.prepare?.(lab);
    const command = typeof scenario.command === "string" ? scenario.command : scenario.command(lab);
    world.model.script(bash(`cd ${lab.work}`), bash(command));
    return lab;
  });
  const events = await world.headless("push everything", { args: [...PLUGIN, "--add-dir", world.root] });
  expect(events.at(-1)).toMatchObject({ subtype: "success" });
  const rows = world.events().filter((event) => event.type === "transition" && event.from_state === null);
  return labs.map((lab, index) => {
    const news = world.model.requests[2 * index + 2]?.news ?? "";
    const registered = rows.filter((row) => row.repo === lab.repo || news.includes(`(${row.repo})`));
    return { lab, news, registered: registered.map((row) => `${row.repo} ${row.ref}`), session: rows[0]?.session_id };
  });
}

const named = (scenarios: readonly PushScenario[], index: number) => scenarios[index]?.name ?? "";

test.skipIf(missing)(
  "the real client: every form of push is watched, and the model is told in one line",
  async () => {
    const played = await play(PUSHES);
    played.forEach(({ lab, news, registered }, index) => {
      const wanted = PUSHES[index]?.pushed.map((push) => push.replace("octo/app", lab.repo)) ?? [];
      expect([named(PUSHES, index), registered]).toEqual([named(PUSHES, index), wanted]);
      expect([named(PUSHES, index), news.match(/p9 watches/g)?.length]).toEqual([named(PUSHES, index), 1]);
      expect(news).not.toContain("hunter2");
    });
    expect(JSON.stringify(world.events())).not.toContain("hunter2");
  },
  60_000,
);

test.skipIf(missing)(
  "the real client: what is no push is not watched, and nothing is said",
  async () => {
    const played = await play(NO_PUSHES);
    played.forEach(({ news }, index) => {
      expect([named(NO_PUSHES, index), news.includes("p9 watches")]).toEqual([named(NO_PUSHES, index), false]);
    });
    expect(world.events()).toEqual([]);
  },
  60_000,
);

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
