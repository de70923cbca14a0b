import { afterEach, expect, test } from "vitest";
import { missingForClient } from "./support/client.ts";
import { bash, say } from "./support/model.ts";
import { PLUGIN, World } from "./support/world.ts";

const missing = missingForClient();
let world: World;
afterEach(() => world?.destroy());

const POLICY = `ci_watch:
  enabled: true
  auto: [pr-ci, deploy, index-sync]
  providers:
    vercel: { project: web, branches: [feature] }
  index_sync:
    search: { paths: ["*.txt"], use: pinecone, index: search }
    docs: { paths: ["docs/**"], use: pinecone, index: docs }
ci_heal:
  enabled: true
`;

test.skipIf(missing)("a push starts every wait that the policy names and the push implies", async () => {
  world = await World.create();
  world.policy(POLICY);
  world.model.script(bash("git push"), say("done"));
  await world.headless("push", { args: PLUGIN });
  const first = world.events().filter(({ type, from_state }) => type === "transition" && from_state === null);
  const told = world.model.requests[1]?.news ?? "";
  expect(first.map(({ kind }) => kind)).toEqual(["pr-ci", "deploy", "index-sync"]);
  expect(told).toContain("p9 watches the pull request of branch “feature” (octo/app)");
  expect(told).toContain("deploy “");
  expect(told).toContain("index-sync “search”");
  expect(told).not.toContain("docs");
});

test.skipIf(missing)("a push that deploys and indexes nothing starts the pull request's wait alone", async () => {
  world = await World.create();
  world.policy(POLICY.replace("[feature]", "[main]").replace("*.txt", "*.md"));
  world.model.script(bash("git push"), say("done"));
  await world.headless("push", { args: PLUGIN });
  const first = world.events().filter(({ type, from_state }) => type === "transition" && from_state === null);
  expect(first.map(({ kind }) => kind)).toEqual(["pr-ci"]);
  expect(world.notes()).toBe("");
});
