// needs: gh, namespaces
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { PORT, REPO } from "../support/place.ts";
import { pullRequest, QUICK_POLICY } from "../support/pull-request.ts";
import type { Client } from "./support/client.ts";
import { ClientPlace, missingFor } from "./support/client-place.ts";
import { cline } from "./support/harnesses/cline.ts";
import { codex } from "./support/harnesses/codex.ts";
import { copilot } from "./support/harnesses/copilot.ts";
import { droid } from "./support/harnesses/droid.ts";
import { gemini } from "./support/harnesses/gemini.ts";
import { say, shell } from "./support/wire.ts";

let place: ClientPlace | undefined;
afterEach(() => place?.destroy());

/** Codex runs no hook that its user has not reviewed in /hooks; this is its own way past that for runs without a terminal. */
const reviewed: Client = {
  ...codex,
  headless: (prompt) => ({ args: ["exec", "--dangerously-bypass-hook-trust", "--json", prompt] }),
};

/** Cline takes a provider only from a login. */
const CLINE_LOGIN = ["auth", "openai-compatible", "-k", "x", "-m", "lab", "-b", `http://127.0.0.1:${PORT}/v1`];

for (const client of [reviewed, copilot, gemini, droid, cline])
  test.skipIf(missingFor(client.name))(
    `with what p9 init --harness writes, a push of ${client.name} is watched by itself, and the model is told`,
    async () => {
      place = await ClientPlace.create(client);
      place.policy(QUICK_POLICY);
      // Gemini keeps variables of the user's shell, and his git configuration, from what it runs.
      mkdirSync(join(place.home, ".config/broomva"), { recursive: true });
      symlinkSync(place.state, join(place.home, ".config/broomva/p9"));
      place.git(["config", `url.${place.lab.forge}/.insteadOf`, "https://github.com/octo/"]);
      if (client.name === "cline") await place.start({ args: CLINE_LOGIN }).ended;
      const p9 = (...args: string[]) =>
        spawnSync(process.execPath, [join(REPO, "dist/p9.js"), ...args], {
          cwd: place?.project,
          env: place?.env(),
          encoding: "utf8",
        });
      expect(p9("init", "--harness", client.name, "--no-policy")).toMatchObject({ status: 0 });
      place.commit("one");
      pullRequest(place, "FAILURE");
      place.model.script(shell("git push origin HEAD"), say("Pushed."));
      const run = await place.headless("push my branch");
      expect(run, run.stderr.slice(-2000)).toMatchObject({ code: 0 });
      const seen = () => place?.seen() ?? "";
      await place.model.told("p9 watches", seen);
      const [wait] = place.events().filter(({ type }) => type === "transition");
      expect(wait, seen()).toMatchObject({ kind: "pr-ci", session_id: expect.stringMatching(`^${client.name}:`) });
      expect(p9("uninstall").status).toBe(0);
      const left = [".codex/hooks.json", ".copilot/hooks", ".factory/hooks.json", ".cline/hooks"];
      expect(left.filter((path) => existsSync(join(place?.home ?? "", path)))).toEqual([]);
      if (client.name === "gemini")
        expect(readFileSync(join(place.home, ".gemini/settings.json"), "utf8")).not.toContain("p9");
    },
  );
