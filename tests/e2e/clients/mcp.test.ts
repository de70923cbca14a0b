// needs: gh, namespaces
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { REPO } from "../support/place.ts";
import { pullRequest, QUICK_POLICY } from "../support/pull-request.ts";
import type { Client } from "./support/client.ts";
import { ClientPlace, missingFor } from "./support/client-place.ts";
import { codex } from "./support/harnesses/codex.ts";
import { copilot } from "./support/harnesses/copilot.ts";
import { droid } from "./support/harnesses/droid.ts";
import { gemini } from "./support/harnesses/gemini.ts";
import { opencode } from "./support/harnesses/opencode.ts";
import { say, tool } from "./support/wire.ts";

let place: ClientPlace | undefined;
afterEach(() => place?.destroy());

const P9 = { name: "p9", command: process.execPath, args: [join(REPO, "dist/p9.js"), "mcp"] };

for (const client of [codex, opencode, copilot, gemini, droid] satisfies Client[])
  test.skipIf(missingFor(client.name))(
    `${client.name} with nothing but p9's MCP server watches a pull request, waits, and is told how it ended`,
    async () => {
      place = await ClientPlace.create(client, [P9]);
      place.policy(QUICK_POLICY);
      const pull = pullRequest(place, "FAILURE");
      place.model.script(tool("watch", { target: "42" }), tool("wait", {}), say("It failed."));
      const { ended } = place.start(client.headless("watch it"));
      const seen = () => place?.seen() ?? "";
      await place.model.told("WATCHING", seen);
      pull.head.endChecks();
      expect(await ended).toMatchObject({ code: 0 });
      expect(await place.model.told("RED_", seen)).toContain("no-unused-vars");
    },
  );
