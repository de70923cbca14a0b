import { expect, test } from "vitest";
import { queueSources } from "../../plugins/queue-sources/registry.ts";
import { queueSourceChecks } from "../../src/conformance/queue-source.ts";
import type { DiscoverContext, QueueSource } from "../../src/plugin.ts";
import { checkOptions } from "../../src/plugins-host/parts/options.ts";
import { fixtureOf, missingFixture, type PrepareSource } from "./fixture.ts";
import { CHANGED_FILE, conformanceWorld, expectConformance, SESSION } from "./world.ts";

const PR = { repo: "octo/app", number: 42, branch: "bro-1-fix", title: "Fix", body: "", sha: null };

/** A source must have items in its world, or "is not empty when…" would say nothing. */
async function conforms(source: QueueSource, prepare: PrepareSource): Promise<void> {
  const world = conformanceWorld();
  const more = await prepare(world);
  const options = checkOptions(`queue source "${source.name}"`, source.options ?? {}, {});
  const context = (): DiscoverContext => ({
    ...world.context({ repo: PR.repo }),
    options,
    root: world.work,
    session: SESSION,
    sessions: [SESSION],
    pr: PR,
    changedFiles: async () => [CHANGED_FILE],
    diff: async () => "",
    etaS: 600,
    limit: 20,
    ...more,
  });
  expect(await source.discover(context())).not.toEqual([]);
  await expectConformance(queueSourceChecks({ source, context, folders: world.folders }));
}

const sources: Readonly<Record<string, () => Promise<QueueSource>>> = queueSources;
test.each(Object.entries(sources))("the queue source %s passes the suite", async (name, load) => {
  const prepare = (await fixtureOf("queue-sources", name)) ?? missingFixture("queue-sources", name);
  await conforms(await load(), prepare);
});
