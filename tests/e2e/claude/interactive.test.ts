// needs: gh, tmux, namespaces
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { anotherLook, hasVerdict, pullRequest, QUICK_POLICY } from "../support/pull-request.ts";
import { Tui } from "../support/tui.ts";
import { missingForClient } from "./support/client.ts";
import { bash, say } from "./support/model.ts";
import { PLUGIN, REPO, until, World } from "./support/world.ts";

const missing = missingForClient();

let world: World;
let tui: Tui | undefined;
afterEach(async () => {
  tui?.close();
  tui = undefined;
  await world?.destroy();
});

test.skipIf(missing)(
  "the interactive client: watched, work offered once at the end of the turn, woken once when it ends",
  async () => {
    world = await World.create();
    world.policy(QUICK_POLICY);
    const pull = pullRequest(world, "SUCCESS");
    world.model.script(
      bash('p9 wait-queue push --item "Write the changelog" --source docs'),
      bash("git push"),
      say("Pushed it."),
      say("Leaving the changelog for now."),
    );
    tui = new Tui(world, { args: PLUGIN });
    await tui.ready();
    await tui.submit("push it");
    await world.model.seen(4);
    expect(world.model.requests[2]?.news).toContain("“Write the changelog”");
    expect(world.model.requests[3]?.news).toContain("Stop hook additional context: p9 is still watching");
    expect(world.model.requests[3]?.news).toContain("“Write the changelog”");
    await tui.shows("Leaving the changelog");
    const before = world.model.requests.length;
    expect(before).toBe(4);
    world.model.script(say("It is green."));
    await anotherLook(world);
    expect(world.model.requests.length).toBe(before);
    pull.head.endChecks();
    await until(
      () => hasVerdict(world),
      () => JSON.stringify(world.events()),
    );
    await tui.shows("It is green.");
    expect(world.model.requests).toHaveLength(before + 1);
    expect(world.model.requests[before]?.news).toContain("PR #42 (octo/app) ended GREEN (succeeded)");
    expect(world.model.requests[before]?.news).toContain("Next action: p9 merge-ready 42");
  },
);

test.skipIf(missing)("the interactive client: the user's own !git push is noticed when the turn stops", async () => {
  world = await World.create();
  world.policy(QUICK_POLICY);
  tui = new Tui(world, { args: PLUGIN });
  await tui.ready();
  await tui.submit("!git push");
  await until(
    () => world.events().some(({ type, ref }) => type === "transition" && ref === "feature"),
    () => `a wait:\n${tui?.screen()}\n${world.notes()}`,
  );
});

test.skipIf(missing)(
  "set up by p9 init, the status line shows what is watched, after the line that was there",
  async () => {
    world = await World.create();
    pullRequest(world, "SUCCESS");
    world.write("home/.claude/settings.json", '{ "statusLine": { "type": "command", "command": "echo my own line" } }');
    execFileSync(process.execPath, [join(REPO, "dist/p9.js"), "init", "--user"], {
      cwd: world.project,
      env: world.env(),
    });
    world.model.script(bash("git push"), say("Pushed it."));
    tui = new Tui(world);
    await tui.ready();
    await tui.shows("my own line");
    await tui.submit("push it");
    await tui.shows("Pushed it.");
    await until(
      () => /p9 PR #42/.test(tui?.screen() ?? ""),
      () => `the status line:\n${tui?.screen()}`,
    );
    expect(tui.screen()).toContain("my own line");
  },
);
