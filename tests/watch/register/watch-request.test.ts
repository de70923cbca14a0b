import { expect, it } from "vitest";
import type { PluginContext, WaitRequest } from "../../../src/plugin.ts";
import { pinRequest, registerRequest } from "../../../src/watch/register/watch-request.ts";
import { scriptedKind, world } from "../world.ts";

const push = { sha: "b".repeat(40), branch: "feature", at: 1_234, cwd: "/w", repo: "o/r" };

/** A kind that tells what it is asked to pin. */
function listening() {
  const heard: { request: WaitRequest; context: PluginContext }[] = [];
  const kind = scriptedKind([], {
    options: { region: { type: "string", description: "where", default: "here" } },
    pin: async (request, context) => {
      heard.push({ request, context });
      return { ref: "x", key: "x", repo: context.repo, sha: request.pushed?.sha ?? null, identity: {}, complete: true };
    },
  });
  return { kind, heard };
}

it("a request that says little is watched in the background with the kind's own defaults", async () => {
  const { kind, heard } = listening();
  const { deps, home } = world(kind, { all: { mine: 1 } });
  const request = { kind, ref: null, session: "s1", cwd: home, repo: "o/r" };
  const { wait, outcome } = await registerRequest(request, await pinRequest(request, true, deps), deps);
  const options = { region: "here" };
  expect(heard[0]?.request).toEqual({ ref: null, argv: [], options, network: true });
  expect(heard[0]?.context).toMatchObject({ cwd: home, repo: "o/r", session: "s1", config: { mine: 1 } });
  expect(outcome).toBe("watching");
  expect(wait.owner.pid).toBe(0);
  expect(wait.extra).toMatchObject({ mode: "background", options, argv: [], cwd: home, deadline_by_hand: false });
  expect(wait.extra.pushed).toBeUndefined();
});

it("what a push asks for is about its commit and counts from its moment", async () => {
  const { kind, heard } = listening();
  const { deps, home } = world(kind);
  const request = { kind, ref: null, session: "s1", cwd: home, repo: "o/r", pushed: push };
  const { wait } = await registerRequest(request, await pinRequest(request, false, deps), deps);
  expect(heard[0]?.request).toMatchObject({ network: false, pushed: { sha: push.sha, branch: "feature" } });
  expect([wait.sha, wait.extra.pushed]).toEqual([push.sha, push.at]);
});

it("limits and takings-over that were asked for are registered as they were asked for", async () => {
  const { kind } = listening();
  const { deps, home } = world(kind);
  const request = { kind, ref: "x", session: "s1", cwd: home, repo: null, mode: "foreground", argv: ["a"] } as const;
  const first = await registerRequest(request, await pinRequest(request, true, deps), deps);
  const forced = { ...request, force: true, timeoutS: 7, intervalS: 3 };
  const { wait, superseded } = await registerRequest(forced, await pinRequest(forced, true, deps), deps);
  expect(superseded?.wait_id).toBe(first.wait.wait_id);
  expect(wait.extra).toMatchObject({ deadline: 7, deadline_by_hand: true, interval: 3, argv: ["a"] });
  expect(wait.owner.pid).toBe(deps.processes.self().pid);
});
