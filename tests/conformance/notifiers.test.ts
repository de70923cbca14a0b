import { onTestFinished, test } from "vitest";
import { notifiers } from "../../plugins/notifiers/registry.ts";
import { FAULTS } from "../../src/conformance/faults.ts";
import { notifierChecks } from "../../src/conformance/notifier.ts";
import type { Notifier } from "../../src/plugin.ts";
import { startReceiver } from "../plugins/notifiers/receiver.ts";
import { fixtureOf, missingFixture, type PrepareNotifier } from "./fixture.ts";
import { conformanceWorld, expectConformance } from "./world.ts";

async function conforms(notifier: Notifier, prepare: PrepareNotifier): Promise<void> {
  const world = conformanceWorld();
  const receiver = await startReceiver();
  onTestFinished(receiver.close);
  const options = prepare(world, receiver.url);
  const context = () => ({ ...world.context(), options });
  // What writes to a terminal asks for nothing that can fail.
  const skipped = notifier.foreground
    ? Object.values(FAULTS).map((fault) => `says that it did not deliver when ${fault}`)
    : [];
  await expectConformance(notifierChecks({ notifier, context, folders: world.folders }), skipped);
}

const all: Readonly<Record<string, () => Promise<Notifier>>> = notifiers;
test.each(Object.entries(all))("the notifier %s passes the suite", async (name, load) => {
  const prepare = (await fixtureOf("notifiers", name)) ?? missingFixture("notifiers", name);
  await conforms(await load(), prepare);
});
