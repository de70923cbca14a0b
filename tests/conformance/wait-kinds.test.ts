// needs: time, gh
import { describe, test } from "vitest";
import { waitKinds } from "../../plugins/wait-kinds/registry.ts";
import { waitKindChecks } from "../../src/conformance/wait-kind.ts";
import type { WaitKind } from "../../src/plugin.ts";
import { checkOptions } from "../../src/plugins-host/parts/options.ts";
import { areThere, fixtureOf, missingFixture, type WaitKindCase } from "./fixture.ts";
import { conformanceWorld, expectConformance } from "./world.ts";

async function conforms(kind: WaitKind, { prepare }: WaitKindCase): Promise<void> {
  const world = conformanceWorld();
  const { ref = null, argv = [], options = {}, context = () => world.context() } = await prepare(world);
  const checked = checkOptions(`wait kind "${kind.name}"`, kind.options ?? {}, options);
  const request = { ref, argv, options: checked, network: true };
  const skipped = kind.begin && kind.end ? [] : ["ends what it began, also twice"];
  await expectConformance(waitKindChecks({ kind, request, context, folders: world.folders }), skipped);
}

const kinds: Readonly<Record<string, () => Promise<WaitKind>>> = waitKinds;
for (const [name, load] of Object.entries(kinds)) {
  const cases = await fixtureOf("wait-kinds", name);
  describe(`the wait kind ${name} passes the suite`, () => {
    if (!cases?.length) return test("in some world", () => missingFixture("wait-kinds", name));
    for (const one of cases) test.runIf(areThere(one.needs))(one.title, async () => conforms(await load(), one));
  });
}
