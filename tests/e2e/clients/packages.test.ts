// needs: gh, namespaces, tmux
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { REPO, until } from "../support/place.ts";
import { anotherLook, hasVerdict, pullRequest, QUICK_POLICY } from "../support/pull-request.ts";
import { Tui } from "../support/tui.ts";
import type { Client } from "./support/client.ts";
import { ClientPlace, missingFor } from "./support/client-place.ts";
import { opencode } from "./support/harnesses/opencode.ts";
import { pi } from "./support/harnesses/pi.ts";
import { say, shell } from "./support/wire.ts";

/** Clients whose plugins are code, and what their terminals show when they are ready. */
const PACKAGES: readonly { client: Client; prompt: string }[] = [
  { client: opencode, prompt: "Ask anything" },
  { client: pi, prompt: "lab" },
];

let place: ClientPlace | undefined;
afterEach(() => place?.destroy());

/** A place where p9 is set up for the client. */
async function open({ client }: (typeof PACKAGES)[number]): Promise<ClientPlace> {
  const made = await ClientPlace.create(client);
  place = made;
  made.policy(QUICK_POLICY);
  const args = [join(REPO, "dist/p9.js"), "init", "--harness", client.name, "--no-policy"];
  execFileSync(process.execPath, args, { cwd: made.project, env: made.env(), stdio: "pipe" });
  return made;
}

for (const one of PACKAGES) {
  const { name } = one.client;
  const missing = missingFor(name);

  test.skipIf(missing)(
    `${name} at a terminal: a push is watched by itself, and the idle session is woken once`,
    async () => {
      const here = await open(one);
      const pull = pullRequest(here, "FAILURE");
      here.model.script(shell("git push origin HEAD"), say("pushed"));
      const tui = new Tui(here);
      const seen = () => `${tui.screen()}\n${here.seen()}`;
      try {
        await until(() => tui.screen().includes(one.prompt), seen);
        await tui.submit("push my branch");
        await here.model.seen(2, seen);
        expect(here.model.turns[1]?.news).toContain("p9 watches");
        await anotherLook(here);
        expect(here.model.turns).toHaveLength(2);
        pull.head.endChecks();
        const told = await here.model.told("ended RED_", seen);
        expect(told).toContain("no-unused-vars");
        expect(told).toContain("Next action: ");
        await tui.submit("and now?");
        await here.model.seen(4, seen);
        expect(here.model.turns[3]?.news).not.toContain("ended RED_");
      } finally {
        tui.close();
      }
    },
  );

  test.skipIf(missing)(
    `${name} without a terminal: what ended meanwhile is told in the next run in that folder, once`,
    async () => {
      const here = await open(one);
      const pull = pullRequest(here, "FAILURE");
      here.model.script(shell("git push origin HEAD"), say("pushed"));
      expect(await here.headless("push my branch")).toMatchObject({ code: 0 });
      expect(here.model.turns[1]?.news).toContain("p9 watches");
      pull.head.endChecks();
      await until(
        () => hasVerdict(here),
        () => here.seen(),
      );
      expect(await here.headless("go on")).toMatchObject({ code: 0 });
      expect(here.model.turns[2]?.news).toContain("ended RED_");
      expect(await here.headless("and now?")).toMatchObject({ code: 0 });
      expect(here.model.turns.at(-1)?.news).not.toContain("ended RED_");
    },
  );
}
