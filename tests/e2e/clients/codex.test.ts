// needs: gh, namespaces, tmux
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { REPO, until } from "../support/place.ts";
import { anotherLook, hasVerdict, pullRequest, QUICK_POLICY } from "../support/pull-request.ts";
import { Tui } from "../support/tui.ts";
import { ClientPlace, missingFor } from "./support/client-place.ts";
import { codex } from "./support/harnesses/codex.ts";
import { say, shell } from "./support/wire.ts";

const missing = missingFor("codex");
/** Its hooks count as reviewed. */
const TRUSTED = ["--dangerously-bypass-hook-trust"];

let place: ClientPlace | undefined;
afterEach(() => place?.destroy());

async function codexPlace(): Promise<ClientPlace> {
  const made = await ClientPlace.create(codex);
  place = made;
  made.policy(QUICK_POLICY);
  const args = [join(REPO, "dist/p9.js"), "init", "--harness", "codex", "--no-policy"];
  execFileSync(process.execPath, args, { cwd: made.project, env: made.env(), stdio: "pipe" });
  return made;
}

test.skipIf(missing)(
  "codex at a terminal: a push is watched by itself, and the idle session is woken once, with the evidence and a next action",
  async () => {
    const here = await codexPlace();
    const pull = pullRequest(here, "FAILURE");
    here.model.script(shell("git push origin HEAD"), say("pushed"));
    const tui = new Tui(here, { args: TRUSTED });
    const seen = () => `${tui.screen()}\n${here.seen()}`;
    try {
      await until(() => tui.screen().includes("›"), seen);
      await tui.submit("push my branch");
      await here.model.seen(2, seen);
      expect(here.model.turns[1]?.news).toContain("p9 watches");
      await anotherLook(here);
      expect(here.model.turns).toHaveLength(2);
      pull.head.endChecks();
      const told = await here.model.told("ended RED_", seen);
      expect(told).toContain("no-unused-vars");
      expect(told).toContain("Next action: ");
      await until(() => tui.screen().includes("ok"), seen);
      expect(here.model.turns).toHaveLength(3);
    } finally {
      tui.close();
    }
  },
);

test.skipIf(missing)("codex exec: what ended meanwhile is told in the next session of that folder, once", async () => {
  const here = await codexPlace();
  const pull = pullRequest(here, "FAILURE");
  here.model.script(shell("git push origin HEAD"), say("pushed"));
  const run = (prompt: string) => here.start({ args: ["exec", ...TRUSTED, "--json", prompt] }).ended;
  expect(await run("push my branch")).toMatchObject({ code: 0 });
  expect(here.model.turns[1]?.news).toContain("p9 watches");
  pull.head.endChecks();
  await until(
    () => hasVerdict(here),
    () => here.seen(),
  );
  expect(await run("go on")).toMatchObject({ code: 0 });
  expect(here.model.turns[2]?.news).toContain("ended RED_");
  expect(await run("and now?")).toMatchObject({ code: 0 });
  expect(here.model.turns.at(-1)?.news).not.toContain("ended RED_");
});
